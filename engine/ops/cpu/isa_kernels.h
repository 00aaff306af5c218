// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/ops/cpu/isa_attention.h"
#include "engine/ops/cpu/isa_cross_entropy.h"
#include "engine/ops/cpu/isa_elementwise.h"
#include "engine/ops/cpu/isa_linear.h"

namespace vl::cpu::VL_ISA {

constexpr Kernels table(const char* name) {
    return {name,           rmsNormForward,   rmsNormBackward,  swigluForward,
            swigluBackward, attentionScratch, attentionForward, attentionBackward,
            gemm,           kTileCols,        kTileRows,        packPanels,
            addColumnSums,  kWidth,           crossEntropyRow};
}

}  // namespace vl::cpu::VL_ISA
