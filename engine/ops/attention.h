// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

namespace vl {

/// softmax(q k^T / sqrt(d)) v without a mask. q [B, N, H, d], k and v [B, M, H, d], rotation already applied;
/// returns [B, N, H * d]. With `softmax` the explicit form runs and hands out its maps [B, H, N, M]; without, torch's
/// fused kernel, which stores none.
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, at::Tensor* softmax = nullptr);

/// The explicit form.
at::Tensor attentionReference(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                              at::Tensor* softmax = nullptr);

}  // namespace vl
