// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "engine/api/types.h"

namespace vl {

/// Throws Error(Mismatch) unless pictures are [B, 1 or 3, H, W] uint8.
void requirePictures(const at::Tensor& pictures);
/// Picture `index` of [B, C, H, W] uint8 on the CPU, interleaved.
Image pictureOf(const at::Tensor& pictures, std::int64_t index);

}  // namespace vl
