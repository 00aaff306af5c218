// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/attention.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/softmax.h>

namespace vl {

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, at::Tensor* softmax) {
    if (softmax) return attentionReference(q, k, v, softmax);
    const at::Tensor out = at::scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2));
    return out.transpose(1, 2).flatten(2);
}

at::Tensor attentionReference(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, at::Tensor* softmax) {
    const double scale = 1 / std::sqrt(static_cast<double>(q.size(3)));
    const at::Tensor scores = at::matmul(q.transpose(1, 2) * scale, k.permute({0, 2, 3, 1}));
    const at::Tensor weights = at::softmax(scores, -1);
    if (softmax) *softmax = weights;
    return at::matmul(weights, v.transpose(1, 2)).transpose(1, 2).flatten(2);
}

}  // namespace vl
