// SPDX-License-Identifier: Apache-2.0
#define VL_ISA avx512
#define VL_VECTOR_FLOATS 16
#define VL_TILE_ROWS 12
#include "engine/ops/cpu/kernels.h"

#include "engine/ops/cpu/isa_kernels.h"

namespace vl::cpu {

const Kernels kAvx512Kernels = avx512::table("avx512");

}  // namespace vl::cpu
