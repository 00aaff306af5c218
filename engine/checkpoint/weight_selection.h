// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/api/checkpoint_report.h"
#include "engine/nn/state_dict.h"

namespace vl {

/// Which of `from` rows (or columns) a smaller tensor of `to` takes (models.md 3.6): every (from / to)-th where that
/// is whole, else the rounded (half to even) float32 points of an even division from the first to the last. Throws
/// Error(Mismatch) when to > from or to < 1.
std::vector<std::int64_t> selectedIndices(std::int64_t from, std::int64_t to);

/// The tensors of iLLaMA `spec` that can be selected from a LLaMA checkpoint: layer i from layer i, norms, attention
/// and feed-forward, float32. Everything else keeps its initialisation. Throws Error(Mismatch) when the file is no
/// LLaMA checkpoint, has too few layers or is smaller than the model.
TensorMap selectWeights(const std::filesystem::path& llama, const ModelSpec& spec, const ReadWatcher& watch = {});

}  // namespace vl
