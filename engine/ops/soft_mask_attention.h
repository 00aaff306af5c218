// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "engine/ops/rope.h"

namespace vl {

/// What one soft-mask attention computes besides its input.
struct SoftMaskOptions {
    std::int64_t heads = 1;
    double alpha = 0;  ///< factor on keys after the query: 1 bidirectional, 0 causal
};

/// iLLaMA's attention (models.md 3.3): O = (softmax(q k^T / sqrt(d)) * M) v with M = 1 for key <= query, alpha after
/// it. The mask multiplies the finished softmax over all keys and rows are not renormalised, so this is not causal
/// attention. qkv [B, N, 3 * H * d] as the projection wrote it (q, k, v; head-major), q and k turned by `table` inside.
/// Returns [B, N, H * d]. float32 on CPU with a plain table takes the fused kernel, which stores no N x N tensor;
/// others the reference.
at::Tensor softMaskAttention(const at::Tensor& qkv, const RopeTable& table, const SoftMaskOptions& options);

/// The same for the one query at `position`: q [B, 1, H * d], kv [B, N, 2 * H * d] -> [B, 1, H * d].
/// After the last block only the class token is read, so this is all of its attention that matters.
at::Tensor softMaskAttentionOneQuery(const at::Tensor& q, const at::Tensor& kv, const RopeTable& table,
                                     const SoftMaskOptions& options, std::int64_t position);

/// The explicit form. `softmax`, when given, receives the maps before the mask, [B, H, N, N].
at::Tensor softMaskAttentionReference(const at::Tensor& qkv, const RopeTable& table, const SoftMaskOptions& options,
                                      at::Tensor* softmax = nullptr);

at::Tensor softMaskAttentionOneQueryReference(const at::Tensor& q, const at::Tensor& kv, const RopeTable& table,
                                              const SoftMaskOptions& options, std::int64_t position);

/// The factor matrix M [N, N].
at::Tensor softMaskMatrix(std::int64_t tokens, double alpha, const at::TensorOptions& options);

}  // namespace vl
