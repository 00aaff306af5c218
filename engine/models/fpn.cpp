// SPDX-License-Identifier: Apache-2.0
#include "engine/models/fpn.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/upsample_nearest2d.h>

namespace vl {
namespace {

std::vector<ConvBlock> blocks(ParameterList& parameters, const std::string& prefix,
                              const std::vector<std::int64_t>& channels, std::int64_t width, std::int64_t kernel,
                              ConvBlock::Kind kind) {
    std::vector<ConvBlock> list;
    for (const std::int64_t in : channels)
        list.emplace_back(parameters, prefix + "." + std::to_string(list.size()), in, width, kernel, kind);
    return list;
}

at::Tensor everySecondPixel(const at::Tensor& map) { return at::max_pool2d(map, {1, 1}, {2, 2}); }

std::vector<std::int64_t> four(std::int64_t width) { return {width, width, width, width}; }

}  // namespace

Fpn::Fpn(ParameterList& parameters, const std::string& prefix, const std::vector<std::int64_t>& channels,
         std::int64_t width)
    : laterals_(blocks(parameters, prefix + ".lateral_convs", channels, width, 1, ConvBlock::Kind::Biased)),
      outputs_(blocks(parameters, prefix + ".fpn_convs", std::vector<std::int64_t>(channels.size(), width), width, 3,
                      ConvBlock::Kind::Biased)) {}

std::vector<at::Tensor> Fpn::operator()(const std::vector<at::Tensor>& maps) const {
    std::vector<at::Tensor> levels;
    for (std::size_t i = 0; i < maps.size(); ++i)
        levels.push_back(laterals_[i](maps[i]));
    for (std::size_t i = maps.size() - 1; i > 0; --i) {
        const at::Tensor& finer = levels[i - 1];
        levels[i - 1] = finer + at::upsample_nearest2d(levels[i], {finer.size(2), finer.size(3)});
    }
    for (std::size_t i = 0; i < maps.size(); ++i)
        levels[i] = outputs_[i](levels[i]);
    levels.push_back(everySecondPixel(levels.back()));
    return levels;
}

SimpleFpn::SimpleFpn(ParameterList& parameters, const std::string& prefix, std::int64_t channels, std::int64_t width)
    : quarterFirst_(parameters, prefix + ".fpn1.0", channels, channels / 2),
      quarterNorm_(parameters, prefix + ".fpn1.1", channels / 2),
      quarterSecond_(parameters, prefix + ".fpn1.3", channels / 2, channels / 4),
      eighth_(parameters, prefix + ".fpn2.0", channels, channels / 2),
      laterals_(blocks(parameters, prefix + ".lateral_convs", {channels / 4, channels / 2, channels, channels}, width,
                       1, ConvBlock::Kind::LayerNormed)),
      outputs_(blocks(parameters, prefix + ".fpn_convs", four(width), width, 3, ConvBlock::Kind::LayerNormed)) {}

std::vector<at::Tensor> SimpleFpn::operator()(const std::vector<at::Tensor>& maps) const {
    const at::Tensor& map = maps.front();
    std::vector<at::Tensor> levels{quarterSecond_(at::gelu(quarterNorm_(quarterFirst_(map)))), eighth_(map), map,
                                   at::max_pool2d(map, {2, 2}, {2, 2})};
    for (std::size_t i = 0; i < levels.size(); ++i)
        levels[i] = outputs_[i](laterals_[i](levels[i]));
    levels.push_back(everySecondPixel(levels.back()));
    return levels;
}

}  // namespace vl
