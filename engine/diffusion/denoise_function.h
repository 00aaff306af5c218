// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

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

/// What one sample is asked to show. Two classes: their predictions are mixed before guidance acts.
struct SampleCondition {
    std::int64_t label = 0;               ///< numClasses: the null class
    std::optional<std::int64_t> labelTo;
    double mix = 0;                       ///< share of labelTo, 0..1
    double scale = 1;                     ///< of guidance; exactly 1 costs no unconditional row
};

/// Every sample under its own condition, sample i of the batch under conditions[i]. A sample takes one to three rows of
/// a model call, and calls hold kModelRows rows at most. What comes out for a sample depends on it and its condition
/// alone, to the bit, as long as the model's own numbers do not depend on the rows beside them; single rows are
/// doubled, because matrix libraries treat one row apart. `beforeCall` is called before every model call and may throw.
DenoiseFunction denoiseEachWith(Denoiser& model, std::vector<SampleCondition> conditions,
                                std::function<void()> beforeCall = {});
inline constexpr std::int64_t kModelRows = 64;

}  // namespace vl
