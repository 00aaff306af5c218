// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace vl {

/// branch [..., C] times one learned factor a channel, gamma [C] (models.md 1.4). Differentiable in both.
/// Used by the VisionLLaMA families; iLLaMA has none.
at::Tensor layerScale(const at::Tensor& branch, const at::Tensor& gamma);

}  // namespace vl
