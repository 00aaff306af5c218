// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"

namespace vl {

/// Drops whole channels of x [B, C, h, w] in training with probability `rate` and scales the others by 1 / (1 - rate).
/// Which ones follows from options.seed, options.step and `place`, the name of the layer.
at::Tensor featureDropout(const at::Tensor& x, double rate, std::string_view place, const ForwardOptions& options);

}  // namespace vl
