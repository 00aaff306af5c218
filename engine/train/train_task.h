// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/api/settings.h"
#include "engine/api/types.h"
#include "engine/data/dataset.h"
#include "engine/data/loader.h"
#include "engine/nn/model.h"

namespace vl {

/// Where an evaluation stands in the run.
struct RunPoint {
    std::int64_t step = 0;
    double epoch = 0;
};

/// What a run learns and how it is judged; one a model task. Everything but loss() happens
/// on the trainer's thread.
class TrainTask {
public:
    virtual ~TrainTask() = default;

    struct Loss {
        at::Tensor value;      ///< scalar, differentiable
        double accuracy = 0;   ///< of the batch, 0..1; 0 where the task has none
    };
    /// Draws depend on (train.seed, step) and a picture's place in the step's batch alone. Parts of one batch are given
    /// at the same time, each with a model of its own.
    virtual Loss loss(Model& model, const Batch& batch, std::int64_t step) = 0;

    /// `model` holds the weights that would be published. Everything but `seconds` is filled. `keepGoing` is asked
    /// between batches; nothing when it says false.
    virtual std::optional<EvalMetrics> evaluate(Model& model, const RunPoint& at,
                                                const std::function<bool()>& keepGoing) = 0;
    /// Which of two evaluations is better: the one with the larger score.
    virtual double score(const EvalMetrics& row) const = 0;

    /// Null where the task has none, or before the first.
    virtual std::shared_ptr<const Gallery> gallery() const { return nullptr; }
    virtual std::shared_ptr<const Gallery> refreshGallery(Model&, const RunPoint&) { return nullptr; }
    /// Frames since the last call.
    virtual std::vector<std::shared_ptr<const FilmFrame>> takeFilm() { return {}; }
    /// A resumed run goes on after `step`: whatever the task keeps in the run folder about later steps is void.
    virtual void resumeAt(std::int64_t /*step*/) {}
};

/// `settings` may change while the run goes on and must outlive the task.
std::unique_ptr<TrainTask> makeTrainTask(const RunSettings& settings, const Datasets& data, const ModelSpec& spec,
                                         const std::filesystem::path& runFolder);

/// What forward passes of a training step depend on.
ForwardOptions trainingOptions(const RunSettings& settings, const Batch& batch, std::int64_t step);

}  // namespace vl
