// SPDX-License-Identifier: Apache-2.0
#include "engine/models/windowed_attention.h"

#include <algorithm>

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/constant_pad_nd.h>

#include "engine/ops/attention.h"
#include "engine/ops/linear.h"

namespace vl {
namespace {

constexpr std::int64_t kReduction = 4;
constexpr double kKeyNormEps = 1e-5;

std::int64_t windowsAlong(std::int64_t tokens, std::int64_t window) { return (tokens + window - 1) / window; }

}  // namespace

WindowAttention::WindowAttention(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec, int layer)
    : SelfAttention(parameters, prefix, spec.dim, spec.heads, layer),
      window_(spec.detect.window),
      table_(
          ropeTable2d(gridPositions({.count = window_ * window_, .width = window_}), spec.headDim(), spec.ropeTheta)) {}

at::Tensor WindowAttention::forward(const at::Tensor& x, const EncoderPass& pass) const {
    const std::int64_t batch = x.size(0), dim = x.size(2), w = window_;
    const std::int64_t down = windowsAlong(pass.rows, w), across = windowsAlong(pass.columns, w);
    const at::Tensor padded = at::constant_pad_nd(x.unflatten(1, {pass.rows, pass.columns}),
                                                  {0, 0, 0, across * w - pass.columns, 0, down * w - pass.rows});
    const at::Tensor windows = padded.reshape({batch, down, w, across, w, dim})
                                   .permute({0, 1, 3, 2, 4, 5})
                                   .reshape({batch * down * across, w * w, dim});
    Probe* probe = pass.options.probe;
    at::Tensor softmax;
    const at::Tensor out = attendPacked(qkv_(windows), table_, heads_, pass.attention, probe ? &softmax : nullptr);
    if (probe) probe->attention(layer_, softmax);
    const at::Tensor grid = out.reshape({batch, down, across, w, w, dim})
                                .permute({0, 1, 3, 2, 4, 5})
                                .reshape({batch, down * w, across * w, dim});
    return proj_(grid.narrow(1, 0, pass.rows).narrow(2, 0, pass.columns).reshape(x.sizes()));
}

AttentionGeometry WindowAttention::geometry(int rows, int columns) const {
    AttentionGeometry geometry = SelfAttention::geometry(rows, columns);
    geometry.window = static_cast<int>(window_);
    geometry.windowRows = static_cast<int>(windowsAlong(rows, window_));
    geometry.windowCols = static_cast<int>(windowsAlong(columns, window_));
    return geometry;
}

ReducedAttention::ReducedAttention(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec,
                                   int layer)
    : SelfAttention(parameters, prefix, spec.dim, spec.heads, layer) {
    if (spec.detect.globalReduction == "conv") {
        const ConvOptions depthwise{.kernel = kReduction, .stride = kReduction, .groups = spec.dim};
        convolution_ = std::make_unique<Conv2d>(parameters, prefix + ".sr", spec.dim, spec.dim, depthwise);
        norm_ = std::make_unique<LayerNorm>(parameters, prefix + ".norm", spec.dim, kKeyNormEps);
    }
    constexpr double kOffset = 1 - 1.0 / kReduction;
    keys_ = ropeTable2d(gridPositions({.count = spec.patches() / (kReduction * kReduction),
                                       .width = spec.grid(),
                                       .step = kReduction,
                                       .offset = kOffset}),
                        spec.headDim(), spec.ropeTheta);
}

at::Tensor ReducedAttention::reduce(const at::Tensor& x, const EncoderPass& pass) const {
    const at::Tensor map = x.transpose(1, 2).reshape({x.size(0), x.size(2), pass.rows, pass.columns});
    if (!convolution_) return at::avg_pool2d(map, {kReduction, kReduction}).flatten(2).transpose(1, 2);
    return (*norm_)((*convolution_)(map).flatten(2).transpose(1, 2));
}

at::Tensor ReducedAttention::forward(const at::Tensor& x, const EncoderPass& pass) const {
    const std::int64_t dim = x.size(2), headDim = dim / heads_;
    const auto project = [&](const at::Tensor& from, std::int64_t first, std::int64_t parts) {
        return vl::linear(from, qkv_.weight.narrow(0, first * dim, parts * dim),
                          qkv_.bias.narrow(0, first * dim, parts * dim))
            .unflatten(-1, {parts, heads_, headDim});
    };
    const at::Tensor queries = project(x, 0, 1), keysValues = project(reduce(x, pass).contiguous(), 1, 2);
    const at::Tensor q = applyRopeReference(queries.select(2, 0), pass.rope);
    const at::Tensor k = applyRopeReference(keysValues.select(2, 0), keys_);
    const at::Tensor v = keysValues.select(2, 1);
    Probe* probe = pass.options.probe;
    at::Tensor softmax;
    const bool fused = pass.attention == AttentionKind::Fused && !probe;
    const at::Tensor out = fused ? attention(q, k, v) : attentionReference(q, k, v, &softmax);
    if (probe) probe->attention(layer_, softmax);
    return proj_(out);
}

AttentionGeometry ReducedAttention::geometry(int rows, int columns) const {
    AttentionGeometry geometry = SelfAttention::geometry(rows, columns);
    geometry.keyRows = rows / static_cast<int>(kReduction);
    geometry.keyCols = columns / static_cast<int>(kReduction);
    geometry.keyStep = static_cast<int>(kReduction);
    return geometry;
}

std::unique_ptr<EncoderAttention> makeWindowedAttention(ParameterList& parameters, const std::string& prefix,
                                                        const ModelSpec& spec, int layer) {
    const std::vector<int>& windowed = spec.detect.windowBlocks;
    if (std::find(windowed.begin(), windowed.end(), layer) != windowed.end())
        return std::make_unique<WindowAttention>(parameters, prefix, spec, layer);
    if (!spec.detect.globalReduction.empty())
        return std::make_unique<ReducedAttention>(parameters, prefix, spec, layer);
    return std::make_unique<SelfAttention>(parameters, prefix, spec.dim, spec.heads, layer);
}

}  // namespace vl
