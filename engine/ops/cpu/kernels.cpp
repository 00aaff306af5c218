// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/cpu/kernels.h"

#include <atomic>
#include <vector>

namespace vl::cpu {
namespace {

std::vector<const Kernels*> probe() {
    std::vector<const Kernels*> found;
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")) {
        found.push_back(&kAvx512Kernels);
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) {
        found.push_back(&kAvx2Kernels);
    }
    found.push_back(&kGenericKernels);
    return found;
}

std::atomic<const Kernels*>& current() {
    static std::atomic<const Kernels*> chosen = supportedKernels().front();
    return chosen;
}

}  // namespace

const Kernels& kernels() { return *current().load(std::memory_order_relaxed); }

std::span<const Kernels* const> supportedKernels() {
    static const std::vector<const Kernels*> found = probe();
    return found;
}

void useKernels(const Kernels& chosen) { current().store(&chosen, std::memory_order_relaxed); }

}  // namespace vl::cpu
