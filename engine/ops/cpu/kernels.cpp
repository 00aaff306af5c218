// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/cpu/kernels.h"

namespace vl::cpu {

const Kernels& kernels() {
    static const Kernels& chosen = []() -> const Kernels& {
        __builtin_cpu_init();
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
            __builtin_cpu_supports("avx512bw")) {
            return kAvx512Kernels;
        }
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return kAvx2Kernels;
        return kGenericKernels;
    }();
    return chosen;
}

}  // namespace vl::cpu
