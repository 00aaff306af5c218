// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/models/conv_block.h"

namespace vl {

/// The neck between backbone and heads: one map a stride 4, 8, 16, 32 and 64, all of the same width.
class Neck {
public:
    virtual ~Neck() = default;
    /// Maps of the backbone [B, C_i, h_i, w_i] -> five maps [B, width, h, w].
    virtual std::vector<at::Tensor> operator()(const std::vector<at::Tensor>& maps) const = 0;
};

/// Feature pyramid network (models.md 9.1): 1x1 laterals, nearest-neighbour top-down additions, 3x3 outputs, every
/// second pixel of the fourth level as the fifth.
class Fpn final : public Neck {
public:
    Fpn(ParameterList& parameters, const std::string& prefix, const std::vector<std::int64_t>& channels,
        std::int64_t width);
    std::vector<at::Tensor> operator()(const std::vector<at::Tensor>& maps) const override;

private:
    std::vector<ConvBlock> laterals_, outputs_;
};

/// SimpleFPN (models.md 9.2): strides 4 to 32 from one map of stride 16 by transposed convolutions and pooling, each
/// level on its own; norms inside.
class SimpleFpn final : public Neck {
public:
    SimpleFpn(ParameterList& parameters, const std::string& prefix, std::int64_t channels, std::int64_t width);
    /// `maps` holds the one map.
    std::vector<at::Tensor> operator()(const std::vector<at::Tensor>& maps) const override;

private:
    UpConv2d quarterFirst_;
    LayerNorm2d quarterNorm_;
    UpConv2d quarterSecond_, eighth_;
    std::vector<ConvBlock> laterals_, outputs_;
};

}  // namespace vl
