// SPDX-License-Identifier: Apache-2.0
#include <ATen/TensorOperators.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/rsqrt.h>

#include "engine/ops/rms_norm.h"

namespace vl {

at::Tensor rmsNormReference(const at::Tensor& x, const at::Tensor& weight, double eps) {
    const at::Tensor wide = x.scalar_type() == at::kDouble ? x : x.to(at::kFloat);
    const at::Tensor inverse = at::rsqrt((wide * wide).mean(-1, /*keepdim=*/true) + eps);
    // The published order: back to the input's type first, then the weight.
    return (wide * inverse).to(x.scalar_type()) * weight;
}

}  // namespace vl
