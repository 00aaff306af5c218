// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include <ATen/core/Tensor.h>

#include "engine/nn/denoiser.h"

namespace vl {

/// What samplers know of a model: x [B, C, H, W] and its time t [B] (float32) to the model's output for them.
using DenoiseFunction = std::function<at::Tensor(const at::Tensor& x, const at::Tensor& t)>;

/// `y` [B] int64. x goes to the type and device of the weights and the output comes back in those of x, so chains keep
/// float32 whatever the weights are. The model must outlive the function.
DenoiseFunction denoiseWith(Denoiser& model, const at::Tensor& y);

/// Guided by `scale`; a chain holds each sample once, and both halves of the published batch are made from it. This is
/// the first half of the published chain. A scale of exactly 1 costs one half: guidance changes nothing then.
DenoiseFunction denoiseGuidedWith(Denoiser& model, const at::Tensor& y, double scale);

/// The published form: the chain itself carries [conditional half; unconditional half], y likewise.
DenoiseFunction denoiseGuidedHalves(Denoiser& model, const at::Tensor& y, double scale);

}  // namespace vl
