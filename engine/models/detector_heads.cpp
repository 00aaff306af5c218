// SPDX-License-Identifier: Apache-2.0
#include "engine/models/detector_heads.h"

#include <ATen/ops/relu.h>

namespace vl {
namespace {

constexpr std::int64_t kAnchors = 3, kRegionCells = 7 * 7;

std::vector<ConvBlock> stack(ParameterList& parameters, const std::string& prefix, std::int64_t count, std::int64_t in,
                             std::int64_t width, bool layerNormed) {
    const auto kind = layerNormed ? ConvBlock::Kind::LayerNormed : ConvBlock::Kind::Biased;
    std::vector<ConvBlock> list;
    for (std::int64_t i = 0; i < count; ++i)
        list.emplace_back(parameters, prefix + "." + std::to_string(i), i == 0 ? in : width, width, 3, kind);
    return list;
}

std::vector<Linear> fullyConnected(ParameterList& parameters, const std::string& prefix, const HeadSizes& sizes) {
    std::vector<Linear> list;
    list.emplace_back(parameters, prefix + ".0", sizes.channels * kRegionCells, sizes.fcChannels);
    if (!sizes.layerNormed) list.emplace_back(parameters, prefix + ".1", sizes.fcChannels, sizes.fcChannels);
    return list;
}

}  // namespace

RpnHead::RpnHead(ParameterList& parameters, const std::string& prefix, const HeadSizes& sizes)
    : single_(sizes.layerNormed ? std::optional<Conv2d>()
                                : Conv2d(parameters, prefix + ".rpn_conv", sizes.channels, sizes.channels,
                                         {.kernel = 3, .padding = 1})),
      several_(stack(parameters, prefix + ".rpn_conv", sizes.layerNormed ? 2 : 0, sizes.channels, sizes.channels,
                     /*layerNormed=*/false)),
      scores_(parameters, prefix + ".rpn_cls", sizes.channels, kAnchors, {.kernel = 1}),
      deltas_(parameters, prefix + ".rpn_reg", sizes.channels, 4 * kAnchors, {.kernel = 1}) {}

ProposalMaps RpnHead::operator()(const std::vector<at::Tensor>& features) const {
    ProposalMaps maps;
    for (at::Tensor x : features) {
        if (single_) x = at::relu((*single_)(x));
        for (const ConvBlock& block : several_)
            x = at::relu(block(x));
        maps.scores.push_back(scores_(x));
        maps.deltas.push_back(deltas_(x));
    }
    return maps;
}

BoxHead::BoxHead(ParameterList& parameters, const std::string& prefix, const HeadSizes& sizes)
    : scores_(parameters, prefix + ".fc_cls", sizes.fcChannels, sizes.classes + 1),
      deltas_(parameters, prefix + ".fc_reg", sizes.fcChannels, 4 * sizes.classes),
      convolutions_(stack(parameters, prefix + ".shared_convs", sizes.layerNormed ? 4 : 0, sizes.channels,
                          sizes.channels, sizes.layerNormed)),
      shared_(fullyConnected(parameters, prefix + ".shared_fcs", sizes)) {}

BoxHeadOutput BoxHead::operator()(const at::Tensor& regions) const {
    at::Tensor x = regions;
    for (const ConvBlock& block : convolutions_)
        x = at::relu(block(x));
    x = x.flatten(1);
    for (const Linear& layer : shared_)
        x = at::relu(layer(x));
    return {scores_(x), deltas_(x)};
}

MaskHead::MaskHead(ParameterList& parameters, const std::string& prefix, const HeadSizes& sizes)
    : convolutions_(stack(parameters, prefix + ".convs", 4, sizes.channels, sizes.maskChannels, sizes.layerNormed)),
      upsample_(parameters, prefix + ".upsample", sizes.maskChannels, sizes.maskChannels),
      logits_(parameters, prefix + ".conv_logits", sizes.maskChannels, sizes.classes, {.kernel = 1}) {}

at::Tensor MaskHead::operator()(const at::Tensor& regions) const {
    at::Tensor x = regions;
    for (const ConvBlock& block : convolutions_)
        x = at::relu(block(x));
    return logits_(at::relu(upsample_(x)));
}

}  // namespace vl
