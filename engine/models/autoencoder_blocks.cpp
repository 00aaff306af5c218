// SPDX-License-Identifier: Apache-2.0
#include "engine/models/autoencoder_blocks.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/silu.h>

#include "engine/ops/attention.h"

namespace vl {
namespace {

constexpr std::int64_t kGroups = 32;
constexpr double kGroupEps = 1e-6;
const ConvOptions kSame{.kernel = 3, .stride = 1, .padding = 1, .groups = 1, .bias = true};
const ConvOptions kPointwise{.kernel = 1, .stride = 1, .padding = 0, .groups = 1, .bias = true};

}  // namespace

GroupNorm::GroupNorm(ParameterList& parameters, const std::string& prefix, std::int64_t channels)
    : weight(parameters.add(prefix + ".weight", {channels})), bias(parameters.add(prefix + ".bias", {channels})) {}

at::Tensor GroupNorm::operator()(const at::Tensor& x) const {
    return at::group_norm(x, kGroups, weight, bias, kGroupEps, /*cudnn_enabled=*/true);
}

at::Tensor GroupNorm::activated(const at::Tensor& x) const {
    at::Tensor normed = (*this)(x);
    return normed.requires_grad() ? at::silu(normed) : at::silu_(normed);
}

ResnetBlock::ResnetBlock(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out)
    : norm1_(parameters, prefix + ".norm1", in),
      conv1_(parameters, prefix + ".conv1", in, out, kSame),
      norm2_(parameters, prefix + ".norm2", out),
      conv2_(parameters, prefix + ".conv2", out, out, kSame) {
    if (in != out) shortcut_.emplace(parameters, prefix + ".conv_shortcut", in, out, kPointwise);
}

at::Tensor ResnetBlock::forward(at::Tensor x) const {
    // Every stage frees the one before it; at 1024 px each of them is half a gigabyte and more.
    const at::Tensor base = shortcut_ ? (*shortcut_)(x) : x;
    at::Tensor y = norm1_.activated(x);
    x.reset();
    y = conv1_(y);
    y = norm2_.activated(y);
    y = conv2_(y);
    return y.requires_grad() || base.requires_grad() ? y + base : y.add_(base);
}

SpatialAttention::SpatialAttention(ParameterList& parameters, const std::string& prefix, std::int64_t channels)
    : norm_(parameters, prefix + ".group_norm", channels),
      query_(parameters, prefix + ".to_q", channels, channels),
      key_(parameters, prefix + ".to_k", channels, channels),
      value_(parameters, prefix + ".to_v", channels, channels),
      out_(parameters, prefix + ".to_out.0", channels, channels) {}

at::Tensor SpatialAttention::forward(const at::Tensor& x, const AutoencoderPass& pass) const {
    const at::Tensor tokens = norm_(x).flatten(2).transpose(1, 2).contiguous();  // [B, H * W, C]
    const auto oneHead = [](const at::Tensor& y) { return y.unsqueeze(2); };
    const bool explicitForm = pass.probe || pass.attention == AttentionKind::Explicit;
    at::Tensor softmax;
    const at::Tensor mixed = attention(oneHead(query_(tokens)), oneHead(key_(tokens)), oneHead(value_(tokens)),
                                       explicitForm ? &softmax : nullptr);
    const at::Tensor out = out_(mixed).transpose(1, 2).reshape(x.sizes()) + x;
    if (pass.probe) {
        pass.probe->attention(pass.layer, softmax);
        pass.probe->blockOutput(pass.layer, out.flatten(2).transpose(1, 2));
    }
    return out;
}

MiddleBlock::MiddleBlock(ParameterList& parameters, const std::string& prefix, std::int64_t channels)
    : attention_(parameters, prefix + ".attentions.0", channels),
      first_(parameters, prefix + ".resnets.0", channels, channels),
      second_(parameters, prefix + ".resnets.1", channels, channels) {}

at::Tensor MiddleBlock::forward(const at::Tensor& x, const AutoencoderPass& pass) const {
    return second_.forward(attention_.forward(first_.forward(x), pass));
}

}  // namespace vl
