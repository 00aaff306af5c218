// SPDX-License-Identifier: Apache-2.0
#include "engine/models/uper_head.h"

#include <array>

#include <ATen/TensorOperators.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/cat.h>

#include "engine/models/feature_dropout.h"

namespace vl {
namespace {

constexpr std::array<std::int64_t, 4> kPoolSides{1, 2, 3, 6};

at::IntArrayRef sideOf(const at::Tensor& x) { return x.sizes().slice(2); }

}  // namespace

UperHead::UperHead(ParameterList& parameters, const std::string& prefix, const std::vector<std::int64_t>& inputs,
                   std::int64_t channels, std::int64_t classes) {
    classify_ = std::make_unique<Conv2d>(parameters, prefix + "conv_seg", channels, classes, ConvOptions{.kernel = 1});
    for (std::size_t i = 0; i < kPoolSides.size(); ++i)
        pooling_.emplace_back(parameters, prefix + "psp_modules." + std::to_string(i) + ".1", inputs.back(), channels,
                              1);
    const std::int64_t pooled = inputs.back() + static_cast<std::int64_t>(kPoolSides.size()) * channels;
    bottleneck_ = std::make_unique<ConvBn>(parameters, prefix + "bottleneck", pooled, channels, 3);
    for (std::size_t i = 0; i + 1 < inputs.size(); ++i)
        laterals_.emplace_back(parameters, prefix + "lateral_convs." + std::to_string(i), inputs[i], channels, 1);
    for (std::size_t i = 0; i + 1 < inputs.size(); ++i)
        outputs_.emplace_back(parameters, prefix + "fpn_convs." + std::to_string(i), channels, channels, 3);
    const auto levels = static_cast<std::int64_t>(inputs.size());
    fuse_ = std::make_unique<ConvBn>(parameters, prefix + "fpn_bottleneck", levels * channels, channels, 3);
}

at::Tensor UperHead::pool(const at::Tensor& coarsest, bool training) const {
    std::vector<at::Tensor> parts{coarsest};
    for (std::size_t i = 0; i < kPoolSides.size(); ++i) {
        const at::Tensor pooled = at::adaptive_avg_pool2d(coarsest, {kPoolSides[i], kPoolSides[i]});
        parts.push_back(resizeBilinear(pooling_[i](pooled, training), sideOf(coarsest)));
    }
    return (*bottleneck_)(at::cat(parts, 1), training);
}

UperHead::Output UperHead::forward(const std::vector<at::Tensor>& features, double dropout,
                                   const ForwardOptions& options) const {
    const bool training = options.training;
    Output output;
    output.pooled = pool(features.back(), training);
    std::vector<at::Tensor> levels;
    for (std::size_t i = 0; i < laterals_.size(); ++i)
        levels.push_back(laterals_[i](features[i], training));
    levels.push_back(output.pooled);
    for (std::size_t i = levels.size() - 1; i > 0; --i)
        levels[i - 1] = levels[i - 1] + resizeBilinear(levels[i], sideOf(levels[i - 1]));
    for (std::size_t i = 0; i < outputs_.size(); ++i)
        levels[i] = outputs_[i](levels[i], training);
    for (std::size_t i = 1; i < levels.size(); ++i)
        levels[i] = resizeBilinear(levels[i], sideOf(levels[0]));
    const at::Tensor fused = (*fuse_)(at::cat(levels, 1), training);
    output.logits = (*classify_)(featureDropout(fused, dropout, "decode_head", options));
    return output;
}

FcnHead::FcnHead(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t channels,
                 std::int64_t classes)
    : classify_(parameters, prefix + "conv_seg", channels, classes, {.kernel = 1}),
      conv_(parameters, prefix + "convs.0", in, channels, 3) {}

at::Tensor FcnHead::forward(const at::Tensor& x, double dropout, const ForwardOptions& options) const {
    return classify_(featureDropout(conv_(x, options.training), dropout, "auxiliary_head", options));
}

}  // namespace vl
