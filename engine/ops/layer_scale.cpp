// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/layer_scale.h"

#include <ATen/TensorOperators.h>

namespace vl {

at::Tensor layerScale(const at::Tensor& branch, const at::Tensor& gamma) { return branch * gamma; }

}  // namespace vl
