// SPDX-License-Identifier: Apache-2.0
#define VL_ISA generic
#define VL_VECTOR_FLOATS 4
#define VL_TILE_ROWS 6
#include "engine/ops/cpu/kernels.h"

#include "engine/ops/cpu/isa_kernels.h"

namespace vl::cpu {

const Kernels kGenericKernels = generic::table("generic");

}  // namespace vl::cpu
