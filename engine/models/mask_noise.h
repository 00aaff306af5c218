// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"

namespace vl {

/// Uniform numbers [batch, patches] in [0, 1) that decide which patches are masked: a function of options.seed and
/// options.step alone, so that a resumed run masks the same ones.
at::Tensor drawMaskNoise(std::int64_t batch, std::int64_t patches, const ForwardOptions& options);

}  // namespace vl
