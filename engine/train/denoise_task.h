// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "engine/api/generate.h"
#include "engine/nn/autoencoder.h"
#include "engine/train/denoise_loss.h"
#include "engine/train/film_keeper.h"
#include "engine/train/sample_judge.h"
#include "engine/train/train_task.h"

namespace vl {

/// A denoiser's loss at random times; judged by the loss at fixed ones, by samples of fixed seeds (the film) and by
/// what a classifier says about samples.
class DenoiseTask final : public TrainTask {
public:
    DenoiseTask(const RunSettings& settings, const Datasets& data, const ModelSpec& spec,
                const std::filesystem::path& runFolder);

    Loss loss(Model& model, const Batch& batch, std::int64_t step) override;
    std::optional<EvalMetrics> evaluate(Model& model, const RunPoint& at,
                                        const std::function<bool()>& keepGoing) override;
    /// The smaller Frechet distance; where it is not measured, the smaller loss.
    double score(const EvalMetrics& row) const override;
    std::vector<std::shared_ptr<const FilmFrame>> takeFilm() override { return film_.take(); }
    void resumeAt(std::int64_t step) override { film_.resumeAt(step); }

private:
    bool measureLoss(Denoiser& model, EvalMetrics& row, const std::function<bool()>& keepGoing) const;
    bool drawFilm(Denoiser& model, EvalMetrics& row, const std::function<bool()>& keepGoing);
    bool measureFrechet(Denoiser& model, EvalMetrics& row, const std::function<bool()>& keepGoing);
    CellSettings cell(int label, std::uint64_t seed, double guidance) const;
    at::Tensor pictures(const at::Tensor& samples);

    const RunSettings& settings_;
    std::shared_ptr<const Dataset> evaluation_;
    ModelSpec spec_;
    DenoiseLoss loss_;
    FilmKeeper film_;
    std::unique_ptr<SampleJudge> judge_;        ///< null: none
    std::unique_ptr<Autoencoder> autoencoder_;  ///< null: none, or pixels
};

}  // namespace vl
