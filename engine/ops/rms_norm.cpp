// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/rms_norm.h"

#include <ATen/TensorOperators.h>

namespace vl {

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps) { return rmsNormReference(x, weight, eps); }

std::pair<at::Tensor, at::Tensor> addRmsNorm(const at::Tensor& x, const at::Tensor& branch, const at::Tensor& weight,
                                             double eps) {
    at::Tensor sum = x + branch;
    return {sum, rmsNormReference(sum, weight, eps)};
}

}  // namespace vl
