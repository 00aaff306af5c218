// SPDX-License-Identifier: Apache-2.0
#include "engine/models/windowed_backbone.h"

#include <algorithm>
#include <array>

#include "engine/models/windowed_attention.h"

namespace vl {
namespace {

EncoderParts windowedParts(const ModelSpec& spec) {
    EncoderParts parts;
    parts.attention = [spec](ParameterList& parameters, const std::string& prefix, int layer) {
        return makeWindowedAttention(parameters, prefix, spec, layer);
    };
    return parts;
}

/// Puts the tensors of a layer's attention behind the layer's other tensors.
void attentionLast(std::span<Parameter> parameters, const std::string& prefix, int depth) {
    for (int i = 0; i < depth; ++i) {
        const std::string layer = prefix + "layers." + std::to_string(i) + ".";
        const auto inLayer = [&](const Parameter& parameter) { return parameter.name.starts_with(layer); };
        const auto begin = std::find_if(parameters.begin(), parameters.end(), inLayer);
        const auto end = std::find_if_not(begin, parameters.end(), inLayer);
        std::stable_partition(begin, end,
                              [&](const Parameter& parameter) { return !parameter.name.starts_with(layer + "attn."); });
    }
}

}  // namespace

WindowedBackbone::WindowedBackbone(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec)
    : depth_(spec.depth), encoder_(parameters, prefix, spec, windowedParts(spec)) {
    attentionLast(parameters.items(), prefix, depth_);
}

at::Tensor WindowedBackbone::features(const at::Tensor& images, const ForwardOptions& options) const {
    const std::array last{depth_ - 1};
    return encoder_.featureMaps(images, last, options).front();
}

}  // namespace vl
