// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/models/conv_block.h"
#include "engine/nn/detector.h"

namespace vl {

/// What the heads of a detector are made of (models.md 9.1 and 9.2).
struct HeadSizes {
    std::int64_t channels = 256;  ///< of the pyramid's maps
    std::int64_t fcChannels = 1024;
    std::int64_t maskChannels = 256;
    std::int64_t classes = 80;
    bool layerNormed = false;  ///< ViTDet: norms inside, two proposal convolutions, four box convolutions, one FC
};

/// Region proposal network: 3 scores and 12 deltas a cell, the same weights on every level.
class RpnHead {
public:
    RpnHead(ParameterList& parameters, const std::string& prefix, const HeadSizes& sizes);
    ProposalMaps operator()(const std::vector<at::Tensor>& features) const;

private:
    std::optional<Conv2d> single_;
    std::vector<ConvBlock> several_;
    Conv2d scores_, deltas_;
};

/// Classes and class-specific deltas of regions [n, channels, 7, 7].
class BoxHead {
public:
    BoxHead(ParameterList& parameters, const std::string& prefix, const HeadSizes& sizes);
    BoxHeadOutput operator()(const at::Tensor& regions) const;

private:
    Linear scores_, deltas_;
    std::vector<ConvBlock> convolutions_;
    std::vector<Linear> shared_;
};

/// One 28 x 28 mask a class from regions [n, channels, 14, 14].
class MaskHead {
public:
    MaskHead(ParameterList& parameters, const std::string& prefix, const HeadSizes& sizes);
    at::Tensor operator()(const at::Tensor& regions) const;

private:
    std::vector<ConvBlock> convolutions_;
    UpConv2d upsample_;
    Conv2d logits_;
};

}  // namespace vl
