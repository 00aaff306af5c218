// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/swiglu.h"

namespace vl {

at::Tensor swiglu(const at::Tensor& gate, const at::Tensor& value) { return swigluReference(gate, value); }

}  // namespace vl
