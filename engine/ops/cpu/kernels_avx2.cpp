// SPDX-License-Identifier: Apache-2.0
#define VL_ISA avx2
#define VL_VECTOR_FLOATS 8
#define VL_TILE_ROWS 6
#include "engine/ops/cpu/kernels.h"

#include "engine/ops/cpu/isa_kernels.h"

namespace vl::cpu {

const Kernels kAvx2Kernels = avx2::table("avx2");

}  // namespace vl::cpu
