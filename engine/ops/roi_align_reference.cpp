// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include "engine/ops/roi_align.h"

namespace vl {
namespace {

/// How much of every map row (or column) each output cell takes, [size, length]; the samples of a cell are averaged.
at::Tensor axisWeights(float from, float to, std::int64_t size, std::int64_t length) {
    const float cell = (to - from) / static_cast<float>(size);
    const std::int64_t samples = roiAlignSamples(to - from, size);
    at::Tensor weights = at::zeros({size, length}, at::kDouble);
    auto weight = weights.accessor<double, 2>();
    for (std::int64_t i = 0; i < size; ++i) {
        for (std::int64_t s = 0; s < samples; ++s) {
            const double at = from + static_cast<float>(i) * cell +
                              (static_cast<float>(s) + 0.5f) * cell / static_cast<float>(samples);
            if (at < -1 || at > static_cast<double>(length)) continue;
            const double held = std::clamp(at, 0.0, static_cast<double>(length - 1));
            const auto low = static_cast<std::int64_t>(held);
            const double share = 1.0 / static_cast<double>(samples);
            weight[i][low] += (1 - (held - static_cast<double>(low))) * share;
            if (low + 1 < length) weight[i][low + 1] += (held - static_cast<double>(low)) * share;
        }
    }
    return weights;
}

}  // namespace

at::Tensor roiAlignReference(const at::Tensor& features, const at::Tensor& regions, const RoiAlignOptions& options) {
    const at::Tensor list = regions.detach().to(at::kCPU, at::kFloat).contiguous();
    const auto region = list.accessor<float, 2>();
    const auto scale = static_cast<float>(options.scale);
    const auto edge = [&](std::int64_t n, int axis) { return region[n][axis] * scale - 0.5f; };
    if (list.size(0) == 0) return at::empty({0, features.size(1), options.size, options.size}, features.options());
    std::vector<at::Tensor> out;
    for (std::int64_t n = 0; n < list.size(0); ++n) {
        const at::Tensor rows =
            axisWeights(edge(n, 2), edge(n, 4), options.size, features.size(2)).to(features.options());
        const at::Tensor columns =
            axisWeights(edge(n, 1), edge(n, 3), options.size, features.size(3)).to(features.options());
        const at::Tensor map = features.select(0, static_cast<std::int64_t>(region[n][0]));
        out.push_back(at::matmul(at::matmul(rows, map), columns.t()));
    }
    return at::stack(out);
}

}  // namespace vl
