// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <list>
#include <memory>

#include "engine/api/engine.h"
#include "engine/api/run_folder.h"
#include "engine/nn/model.h"

namespace vl {

/// A checkpoint read into a model that is ready to be asked.
struct LoadedModel {
    CheckpointInfo info;
    std::unique_ptr<Model> model;
};

/// Builds the model a checkpoint describes, or is recognised as, and loads its weights. Throws Error(NotFound | BadFile |
/// Mismatch), Error(Unsupported) for models that do not classify.
std::shared_ptr<LoadedModel> loadCheckpoint(const std::filesystem::path& file);

/// Looks at pictures with models from checkpoint files; keeps the last few. For one thread.
class CheckpointModels {
public:
    explicit CheckpointModels(std::filesystem::path demoCheckpoint) : demo_(std::move(demoCheckpoint)) {}

    /// `request.checkpoint` empty: the demo model. Throws Error.
    std::shared_ptr<const Inspection> look(const InspectRequest& request);

private:
    struct Kept {
        std::filesystem::path file;
        std::filesystem::file_time_type written;
        std::shared_ptr<LoadedModel> model;
    };
    std::shared_ptr<LoadedModel> get(const std::filesystem::path& file);

    std::filesystem::path demo_;
    std::list<Kept> kept_;  ///< most recently used first
};

}  // namespace vl
