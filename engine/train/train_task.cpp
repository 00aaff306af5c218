// SPDX-License-Identifier: Apache-2.0
#include "engine/train/train_task.h"

#include "engine/core/error.h"
#include "engine/train/classify_task.h"
#include "engine/train/denoise_task.h"
#include "engine/train/detect_task.h"
#include "engine/train/segment_task.h"

namespace vl {

std::unique_ptr<TrainTask> makeTrainTask(const RunSettings& settings, const Datasets& data, const ModelSpec& spec,
                                         const std::filesystem::path& runFolder) {
    switch (spec.task()) {
        case ModelTask::Classify:
            return std::make_unique<ClassifyTask>(settings, data);
        case ModelTask::Generate:
            return std::make_unique<DenoiseTask>(settings, data, spec, runFolder);
        case ModelTask::Segment:
            return std::make_unique<SegmentTask>(settings, data, runFolder);
        case ModelTask::Detect:
            return std::make_unique<DetectTask>(settings, data, runFolder);
        default:
            throw Error(ErrorCode::Unsupported,
                        "Model '" + spec.name + "' is for " + toString(spec.task()) + ", which cannot be trained here.",
                        "Choose a classifier, a denoiser, a segmenter or a detector.");
    }
}

ForwardOptions trainingOptions(const RunSettings& settings, const Batch& batch, std::int64_t step) {
    ForwardOptions options;
    options.training = true;
    options.seed = settings.train.seed;
    options.step = step;
    options.firstSample = batch.first;
    return options;
}

}  // namespace vl
