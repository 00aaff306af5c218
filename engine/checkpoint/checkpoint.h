// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/checkpoint_report.h"
#include "engine/api/run_folder.h"
#include "engine/nn/model.h"
#include "engine/nn/state_dict.h"

namespace vl {

/// Lists a checkpoint of any known format (.safetensors, .safetensors.index.json, .pth, .pt, .bin), recognises it and,
/// when asked, reads every tensor for statistics. Throws Error(NotFound | BadFile | Cancelled).
CheckpointReport inspectCheckpoint(const std::filesystem::path& file, const CheckpointOptions& options = {},
                                   const ReadWatcher& watch = {});

/// The chosen weights under the recognised model's names, in the file's types.
struct CheckpointWeights {
    TensorMap tensors;
    CheckpointReport report;
};
CheckpointWeights readCheckpoint(const std::filesystem::path& file, const CheckpointOptions& options = {},
                                 const ReadWatcher& watch = {});

/// Recognises, builds and fills a model. `spec`, when given, is built instead of the recognised one, resizing position
/// tables and leaving a head of another size as initialised. Throws Error(Mismatch) when weights are missing.
std::unique_ptr<Model> openModel(const std::filesystem::path& file, const ModelSpec* spec = nullptr,
                                 const CheckpointOptions& options = {}, const ReadWatcher& watch = {});

/// Fills a model that is already built and initialised, as openModel does with a given spec (models.md 3.5). The head
/// stays as it is where the file's has another size or is not there. Throws Error(Mismatch) when weights are missing.
void loadIntoModel(Model& model, const std::filesystem::path& file, const CheckpointOptions& options = {},
                   const ReadWatcher& watch = {});

/// A model ready to be asked, and what is known about it.
struct OpenedCheckpoint {
    CheckpointInfo info;  ///< of foreign files: the recognised spec, ImageNet's normalisation, no class names
    std::unique_ptr<Model> model;
};
/// Opens checkpoints of this program by their own description, all others by recognition. Throws Error.
OpenedCheckpoint openCheckpoint(const std::filesystem::path& file, const CheckpointOptions& options = {},
                                const ReadWatcher& watch = {});

}  // namespace vl
