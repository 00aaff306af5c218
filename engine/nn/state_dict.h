// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"

namespace vl {

/// Tensors by state-dict name.
using TensorMap = std::map<std::string, at::Tensor>;

/// The model's tensors, detached but sharing its memory: copy before the next optimiser step changes them.
TensorMap stateDict(Model& model);

/// Copies every tensor into the model, converting to float32. Strict: names and shapes must be exactly the model's,
/// checked before anything is changed. Throws Error(Mismatch) naming the first missing, unexpected or differently
/// shaped tensors.
void loadStateDict(Model& model, const TensorMap& tensors);

/// Resizes the patch rows of pos_embed [1, N, D] to newGrid x newGrid by bicubic interpolation (corners not aligned)
/// and keeps the class row, unchanged, where it was (without a class token there is none). Throws Error(Mismatch) when the
/// patch rows form no square.
at::Tensor resizePositions(const at::Tensor& positions, int newGrid, ClassToken classToken);

}  // namespace vl
