// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/cpu/dispatch.h"

#include <cstdint>
#include <vector>

#include <ATen/core/grad_mode.h>

namespace vl::cpu {

bool kernelsApply(std::initializer_list<std::reference_wrapper<const at::Tensor>> tensors) {
    for (const at::Tensor& tensor : tensors) {
        if (tensor.scalar_type() != at::kFloat || !tensor.device().is_cpu() || !tensor.is_contiguous()) return false;
    }
    return true;
}

bool recordsGradient(std::initializer_list<std::reference_wrapper<const at::Tensor>> tensors) {
    if (!at::GradMode::is_enabled()) return false;
    for (const at::Tensor& tensor : tensors) {
        if (tensor.requires_grad()) return true;
    }
    return false;
}

float* threadScratch(std::size_t floats) {
    constexpr std::size_t kAlignment = 64;
    thread_local std::vector<float> memory;
    if (memory.size() < floats + kAlignment / sizeof(float)) memory.resize(floats + kAlignment / sizeof(float));
    const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
    return reinterpret_cast<float*>((address + kAlignment - 1) / kAlignment * kAlignment);
}

}  // namespace vl::cpu
