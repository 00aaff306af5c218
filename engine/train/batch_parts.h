// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/api/settings.h"
#include "engine/data/loader.h"
#include "engine/nn/model.h"
#include "engine/train/train_task.h"

namespace vl {

/// Computes the loss and the gradients of batches, each cut into train.parts parts of consecutive pictures that are
/// worked on side by side, every one on a thread of its own with its share of the compute threads: small models keep
/// several cores busier so than when all threads share every operation.
/// A part counts as much as it has pictures, so that loss and gradients are the whole batch's but for rounding. Two
/// things see one part alone, as in data-parallel training everywhere: batch norms (the first part keeps their running
/// statistics) and what detectors divide their losses by.
class BatchParts {
public:
    /// `model` and `settings` must outlive this; the weights may change between batches, in place.
    BatchParts(Model& model, const RunSettings& settings);
    ~BatchParts();  ///< joins the threads

    struct Loss {
        double value = 0;
        double accuracy = 0;  ///< as TrainTask::Loss
    };
    /// The gradients of the trained parameters are replaced. `forwarded` is called between the first part's two passes.
    /// Throws what a part threw; there are no gradients then.
    Loss backward(TrainTask& task, const Batch& batch, std::int64_t step, const std::function<void()>& forwarded);

private:
    class Helper;
    void addGradients(const Helper& helper);

    Model& model_;
    std::vector<std::unique_ptr<Helper>> helpers_;  ///< for every part but the first
};

}  // namespace vl
