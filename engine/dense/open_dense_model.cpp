// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engine/checkpoint/checkpoint.h"
#include "engine/core/error.h"
#include "engine/core/resource_paths.h"
#include "engine/core/text.h"
#include "engine/dense/predictor.h"

namespace vl {
namespace {

/// Foreign checkpoints do not name their classes.
std::vector<std::string> namesFor(std::vector<std::string> names, int classes) {
    for (auto i = static_cast<int>(names.size()); i < classes; ++i)
        names.push_back("class " + std::to_string(i));
    names.resize(static_cast<std::size_t>(classes));
    return names;
}

}  // namespace

std::filesystem::path demoDenseModel(ModelTask task, const std::filesystem::path& resources) {
    const bool segment = task == ModelTask::Segment;
    const auto file = demoCheckpoint(segment ? "upernet_pllama_micro" : "mask_rcnn_pllama_micro", resources);
    std::error_code error;
    if (std::filesystem::exists(file, error)) return file;
    throw Error(ErrorCode::NotFound, "The demo checkpoint " + file.string() + " is not there.",
                std::string("Train one (visionllama train --project ") +
                    (segment ? "scenes-segment-micro" : "scenes-detect-micro") + ") or open a checkpoint of your own.");
}

DenseModel openDenseModel(const std::filesystem::path& checkpoint, ModelTask task) {
    const bool demo = checkpoint.empty();
    OpenedCheckpoint opened = openCheckpoint(demo ? demoDenseModel(task, resourceFolder()) : checkpoint);
    const ModelSpec& spec = opened.info.spec;
    if (spec.task() != task)
        throw Error(ErrorCode::Mismatch,
                    checkpoint.filename().string() + " holds " + spec.name + ", which does not " +
                        (task == ModelTask::Segment ? "segment pictures." : "find objects."),
                    std::string("Choose a ") + (task == ModelTask::Segment ? "segmentation" : "detection") + " model.");
    DenseModel model;
    model.classes = classList(namesFor(opened.info.classNames, spec.numClasses));
    model.name = spec.name;
    model.source = demo ? "demo checkpoint" : checkpoint.filename().string();
    if (!demo && opened.info.step > 0) model.source += ", step " + thousands(opened.info.step);
    model.model = std::move(opened.model);
    return model;
}

}  // namespace vl
