// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/api/model_spec.h"

namespace vl {

/// Throws Error(Mismatch) unless images are [B, spec.inChannels, spec.imageSize, spec.imageSize].
void checkSquareInput(const at::Tensor& images, const ModelSpec& spec);
/// Throws Error(Usage) unless the rate is in [0, 1).
void checkDropPath(double rate);

}  // namespace vl
