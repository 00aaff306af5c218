// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tril.h>

#include "engine/ops/soft_mask_attention.h"

namespace vl {

at::Tensor softMaskMatrix(std::int64_t tokens, double alpha, const at::TensorOptions& options) {
    return at::tril(at::ones({tokens, tokens}, options)) * (1 - alpha) + alpha;
}

at::Tensor softMaskAttentionReference(const at::Tensor& qkv, const RopeTable& table, const SoftMaskOptions& options,
                                      at::Tensor* softmax) {
    const std::int64_t batch = qkv.size(0), tokens = qkv.size(1), width = qkv.size(2) / 3;
    const at::Tensor parts = qkv.view({batch, tokens, 3, options.heads, width / options.heads});
    const at::Tensor q = applyRopeReference(parts.select(2, 0), table).transpose(1, 2);
    const at::Tensor k = applyRopeReference(parts.select(2, 1), table).transpose(1, 2);
    const at::Tensor v = parts.select(2, 2).transpose(1, 2);
    const double scale = 1 / std::sqrt(static_cast<double>(width / options.heads));
    const at::Tensor weights = at::softmax(at::matmul(q * scale, k.transpose(-2, -1)), -1);
    if (softmax) *softmax = weights;
    const at::Tensor masked =
        options.alpha == 1 ? weights : weights * softMaskMatrix(tokens, options.alpha, weights.options());
    return at::matmul(masked, v).transpose(1, 2).reshape({batch, tokens, width});
}

at::Tensor softMaskAttentionOneQueryReference(const at::Tensor& q, const at::Tensor& kv, const RopeTable& table,
                                              const SoftMaskOptions& options, std::int64_t position) {
    const std::int64_t batch = q.size(0), tokens = kv.size(1), width = q.size(2), dim = width / options.heads;
    const at::Tensor keysValues = kv.view({batch, tokens, 2, options.heads, dim});
    const RopeTable here{table.cosine.narrow(0, position, 1), table.sine.narrow(0, position, 1), {}, {}};
    const at::Tensor query = applyRopeReference(q.view({batch, 1, options.heads, dim}), here).transpose(1, 2);
    const at::Tensor keys = applyRopeReference(keysValues.select(2, 0), table).transpose(1, 2);
    const double scale = 1 / std::sqrt(static_cast<double>(dim));
    const at::Tensor weights = at::softmax(at::matmul(query * scale, keys.transpose(-2, -1)), -1);
    const at::Tensor factors = softMaskMatrix(tokens, options.alpha, weights.options()).narrow(0, position, 1);
    return at::matmul(weights * factors, keysValues.select(2, 1).transpose(1, 2))
        .transpose(1, 2)
        .reshape({batch, 1, width});
}

}  // namespace vl
