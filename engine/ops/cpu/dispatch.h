// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>

#include <ATen/core/Tensor.h>

namespace vl::cpu {

/// True when every tensor is contiguous float32 memory of this machine, which is what the kernels read.
bool kernelsApply(std::initializer_list<std::reference_wrapper<const at::Tensor>> tensors);

/// True when some tensor needs a gradient and gradients are being recorded.
bool recordsGradient(std::initializer_list<std::reference_wrapper<const at::Tensor>> tensors);

/// Scratch memory of the calling thread, 64-byte aligned, kept for the next call.
float* threadScratch(std::size_t floats);

}  // namespace vl::cpu
