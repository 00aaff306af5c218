// SPDX-License-Identifier: Apache-2.0
#include "engine/session/checkpoint_models.h"

#include <algorithm>

#include "engine/checkpoint/checkpoint.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/train/inspect_model.h"

namespace vl {
namespace {

constexpr std::size_t kKeptModels = 3;

}  // namespace

std::shared_ptr<LoadedModel> loadCheckpoint(const std::filesystem::path& file) {
    auto opened = openCheckpoint(file);
    if (opened.info.spec.task() != ModelTask::Classify)
        throw Error(ErrorCode::Unsupported,
                    file.filename().string() + " holds " + opened.info.spec.name + ", which does not classify pictures.",
                    "The Model view shows what it is; choose a classifier to look at pictures with.");
    auto loaded = std::make_shared<LoadedModel>();
    loaded->info = std::move(opened.info);
    loaded->model = std::move(opened.model);
    return loaded;
}

std::shared_ptr<LoadedModel> CheckpointModels::get(const std::filesystem::path& file) {
    std::error_code missing;
    const auto written = std::filesystem::last_write_time(file, missing);
    const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.file == file; });
    if (found != kept_.end()) {
        if (!missing && found->written == written) {
            kept_.splice(kept_.begin(), kept_, found);
            return kept_.front().model;
        }
        kept_.erase(found);
    }
    kept_.push_front({file, written, loadCheckpoint(file)});
    if (kept_.size() > kKeptModels) kept_.pop_back();
    return kept_.front().model;
}

std::shared_ptr<const Inspection> CheckpointModels::look(const InspectRequest& request) {
    const bool demo = request.checkpoint.empty();
    const std::filesystem::path file = demo ? demo_ : request.checkpoint;
    if (demo && !std::filesystem::exists(file))
        throw Error(ErrorCode::NotFound, "The demo checkpoint " + file.string() + " is not there.",
                    "Train one (visionllama train --project fashion-illama) or open a checkpoint of your own.");
    const std::shared_ptr<LoadedModel> loaded = get(file);
    auto result = inspectImage(*loaded->model, request.image,
                               recipeOf(loaded->info), request.alpha);
    result->request = request.id;
    result->source = demo ? "demo checkpoint" : file.filename().string() + (loaded->info.step > 0 ? ", step " + thousands(loaded->info.step) : "");
    return result;
}

}  // namespace vl
