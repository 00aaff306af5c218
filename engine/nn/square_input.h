// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/api/model_spec.h"

namespace vl {

/// "2 x 3 x 32 x 32", for messages.
std::string shapeText(const at::Tensor& tensor);

/// Throws Error(Mismatch) unless images are [B, spec.inChannels, spec.imageSize, spec.imageSize].
void checkSquareInput(const ModelSpec& spec, const at::Tensor& images);

}  // namespace vl
