// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/nn/layers.h"

namespace vl {

/// Four maps of one stride made into a pyramid of strides 1/4, 1/2, 1 and 2 times theirs (models.md 8.2). Tensors
/// upsample_4x.0, .1, .3 and upsample_2x.0.
class Feature2Pyramid {
public:
    Feature2Pyramid(ParameterList& parameters, const std::string& prefix, std::int64_t channels);
    /// maps: four of [B, C, h, w] -> [B, C, 4h, 4w], [B, C, 2h, 2w], [B, C, h, w], [B, C, h / 2, w / 2].
    std::vector<at::Tensor> operator()(const std::vector<at::Tensor>& maps, bool training) const;

private:
    UpConv2d quarterFirst_;
    BatchNorm quarterNorm_;
    UpConv2d quarterSecond_, half_;
};

}  // namespace vl
