// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/nn/layers.h"

namespace vl {

/// Convolution without bias, BatchNorm, ReLU, as the segmentation heads stack them (models.md 8.3); sides stay.
/// Tensors `prefix`.conv.weight and `prefix`.bn.*.
struct ConvBn {
    ConvBn(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out,
           std::int64_t kernel);
    at::Tensor operator()(const at::Tensor& x, bool training) const;

    Conv2d conv;
    BatchNorm bn;
};

/// x [B, C, h, w] -> [B, C, size...] by bilinear interpolation, corners not aligned.
at::Tensor resizeBilinear(const at::Tensor& x, at::IntArrayRef size);

}  // namespace vl
