// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/diffusion/sampler.h"
#include "engine/generate/generation_job.h"
#include "engine/nn/autoencoder.h"
#include "engine/nn/denoiser.h"

namespace vl {

/// An opened model and what is known about it.
struct SampleModel {
    std::shared_ptr<Denoiser> denoiser;
    std::shared_ptr<Autoencoder> autoencoder;    ///< null: latents are shown by a linear projection
    std::vector<std::string> classNames;
    std::string name;                            ///< for people
    std::function<std::string()> hash;           ///< asked before the result; may take its time. Empty: no hash
    std::string knownHash;                       ///< when it is known already
};

/// The real job: one chain for all cells that can share it, all chains in lockstep.
/// States are kept for answer(), as float32 up to storedBytes and as float16 beyond; predictions asked about the latter
/// are off by its rounding (3 digits).
class SampleJob final : public GenerationJob {
public:
    /// Throws Error(Usage) for a recipe the model cannot follow.
    SampleJob(SampleModel model, const GridRecipe& recipe, std::size_t storedBytes = std::size_t{256} << 20);

    const GenerationPlan& plan() const override { return plan_; }
    int step() const override;
    bool done() const override;
    bool advance(const std::function<bool()>& keepGoing) override;
    SampleFrame frame() override;
    SampleFrame result(const std::function<bool(double)>& progress) override;
    CellAnswer answer(const CellQuestion& question) override;

private:
    struct Chain {
        std::vector<int> cells;
        std::unique_ptr<Sampler> sampler;
    };
    /// One chain at one frame.
    struct Stored {
        int step = 0;
        at::Tensor x;
    };

    void makeChains();
    void ask() const;
    void store();
    void checkQuestion(const CellQuestion& question) const;
    /// Chain and place in its batch of a cell.
    std::pair<std::size_t, std::int64_t> placeOf(int cell) const;
    at::Tensor storedState(std::size_t frame, int cell) const;  ///< [1, C, S, S] float32
    void predict(CellAnswer& answer, const CellQuestion& question);
    void follow(CellAnswer& answer, const CellQuestion& question);

    SampleModel model_;
    GenerationPlan plan_;
    std::vector<Chain> chains_;
    std::vector<std::vector<Stored>> frames_;  ///< [frame][chain]
    std::size_t storedBytes_, bytes_ = 0;
    const std::function<bool()>* keepGoing_ = nullptr;  ///< during advance()
};

}  // namespace vl
