// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/api/run_folder.h"
#include "engine/nn/model.h"
#include "engine/nn/state_dict.h"
#include "engine/train/optimiser.h"

namespace vl {

/// The checkpoints of one run folder: checkpoints/last.safetensors with last.optimizer.safetensors, best.safetensors
/// and numbered step-NNNNNNNN.safetensors (weights only).
///
/// Weights and optimiser state are two files, so a pair carries the same mark in both. The new optimiser state is put
/// down beside the old one first, the weights are renamed into place second, the optimiser state third: whichever of
/// these a kill falls between, weights and one of the two optimiser files match.
class CheckpointStore {
public:
    CheckpointStore(std::filesystem::path runFolder, int keepNumbered);

    /// Writes the pair and a numbered copy of the weights, drops numbered ones beyond `keepNumbered`. Returns the file.
    /// `own`: the weights that are trained, where `model` is an average of them; they go with the optimiser's state.
    std::filesystem::path saveLast(Model& model, const AdamW& optimiser, const CheckpointInfo& info,
                                   const TensorMap& own = {});
    std::filesystem::path saveBest(Model& model, const CheckpointInfo& info);

    struct Loaded {
        CheckpointInfo info;
        TensorMap weights, optimiser;
        TensorMap own;  ///< see saveLast; empty where the weights are the trained ones
        std::int64_t optimiserSteps = 0;
    };
    /// The last pair. Throws Error(NotFound) when there is none,
    /// Error(BadFile | Mismatch) when it is damaged.
    Loaded loadLast() const;
    /// Completes a save that was cut short after its weights (the next save begins by replacing the state that belongs
    /// to them) and removes half-written files. Only for the folder's one writer, before its first save.
    void tidyUp() const;

private:
    void linkNumbered(std::int64_t step) const;
    void dropOldNumbered() const;

    std::filesystem::path folder_;
    int keepNumbered_;
};

}  // namespace vl
