// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "engine/nn/layers.h"

namespace vl {

/// A convolution of the detector: plain with bias, or without bias and followed by a LayerNorm over the channels of
/// every pixel (eps 1e-5, Q32). Tensors `prefix`.conv.* and `prefix`.norm_layer.*.
struct ConvBlock {
    enum class Kind { Biased, LayerNormed };
    ConvBlock(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out,
              std::int64_t kernel, Kind kind);
    at::Tensor operator()(const at::Tensor& x) const;

    Conv2d conv;
    std::optional<LayerNorm2d> norm;
};

}  // namespace vl
