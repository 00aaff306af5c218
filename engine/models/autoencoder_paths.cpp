// SPDX-License-Identifier: Apache-2.0
#include "engine/models/autoencoder_paths.h"

#include <string>
#include <utility>

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/upsample_nearest2d.h>

namespace vl {
namespace {

const ConvOptions kSame{.kernel = 3, .stride = 1, .padding = 1, .groups = 1, .bias = true};
const ConvOptions kHalving{.kernel = 3, .stride = 2, .padding = 0, .groups = 1, .bias = true};

std::int64_t widthAt(const AutoencoderOptions& options, std::size_t level) {
    return std::int64_t{options.baseChannels} * options.multipliers[level];
}

AutoencoderLevel makeLevel(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out,
                           int blocks) {
    AutoencoderLevel level;
    for (int j = 0; j < blocks; ++j)
        level.blocks.emplace_back(parameters, prefix + ".resnets." + std::to_string(j), j == 0 ? in : out, out);
    return level;
}

at::Tensor throughBlocks(const AutoencoderLevel& level, at::Tensor x) {
    for (const ResnetBlock& block : level.blocks)
        x = block.forward(std::move(x));
    return x;
}

}  // namespace

EncoderPath::EncoderPath(ParameterList& parameters, const ModelSpec& spec)
    : in_(parameters, "encoder.conv_in", spec.inChannels, spec.autoencoder.baseChannels, kSame) {
    const AutoencoderOptions& options = spec.autoencoder;
    std::int64_t width = options.baseChannels;
    for (std::size_t i = 0; i < options.multipliers.size(); ++i) {
        const std::string prefix = "encoder.down_blocks." + std::to_string(i);
        AutoencoderLevel level = makeLevel(parameters, prefix, width, widthAt(options, i), options.blocksPerLevel);
        width = widthAt(options, i);
        if (i + 1 < options.multipliers.size())
            level.resample.emplace(parameters, prefix + ".downsamplers.0.conv", width, width, kHalving);
        levels_.push_back(std::move(level));
    }
    middle_.emplace(parameters, "encoder.mid_block", width);
    norm_.emplace(parameters, "encoder.conv_norm_out", width);
    out_.emplace(parameters, "encoder.conv_out", width, 2 * std::int64_t{options.latentChannels}, kSame);
}

at::Tensor EncoderPath::forward(const at::Tensor& images, const AutoencoderPass& pass) const {
    at::Tensor x = in_(images);
    for (const AutoencoderLevel& level : levels_) {
        x = throughBlocks(level, std::move(x));
        // Zeros on the right and below alone, so that a cell covers the pixels it replaces.
        if (level.resample) x = (*level.resample)(at::constant_pad_nd(x, {0, 1, 0, 1}, 0));
    }
    x = middle_->forward(x, pass);
    x = norm_->activated(x);
    return (*out_)(x);
}

DecoderPath::DecoderPath(ParameterList& parameters, const ModelSpec& spec)
    : in_(parameters, "decoder.conv_in", spec.autoencoder.latentChannels,
          widthAt(spec.autoencoder, spec.autoencoder.multipliers.size() - 1), kSame) {
    const AutoencoderOptions& options = spec.autoencoder;
    const std::size_t count = options.multipliers.size();
    const std::int64_t inner = widthAt(options, count - 1);
    std::int64_t width = inner;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string prefix = "decoder.up_blocks." + std::to_string(i);
        const std::int64_t next = widthAt(options, count - 1 - i);
        AutoencoderLevel level = makeLevel(parameters, prefix, width, next, options.blocksPerLevel + 1);
        width = next;
        if (i + 1 < count) level.resample.emplace(parameters, prefix + ".upsamplers.0.conv", width, width, kSame);
        levels_.push_back(std::move(level));
    }
    middle_.emplace(parameters, "decoder.mid_block", inner);  // listed behind the levels it runs before
    norm_.emplace(parameters, "decoder.conv_norm_out", width);
    out_.emplace(parameters, "decoder.conv_out", width, spec.inChannels, kSame);
}

at::Tensor DecoderPath::forward(const at::Tensor& latents, const AutoencoderPass& pass) const {
    at::Tensor x = middle_->forward(in_(latents), pass);
    for (const AutoencoderLevel& level : levels_) {
        x = throughBlocks(level, std::move(x));
        if (!level.resample) continue;
        x = at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
        x = (*level.resample)(x);
    }
    x = norm_->activated(x);
    return (*out_)(x);
}

}  // namespace vl
