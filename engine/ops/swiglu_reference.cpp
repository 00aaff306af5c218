// SPDX-License-Identifier: Apache-2.0
#include <ATen/TensorOperators.h>
#include <ATen/ops/silu.h>

#include "engine/ops/swiglu.h"

namespace vl {

at::Tensor swigluReference(const at::Tensor& gate, const at::Tensor& value) { return at::silu(gate) * value; }

}  // namespace vl
