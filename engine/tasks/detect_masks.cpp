// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_masks.h"

#include <algorithm>
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/grid_sampler.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include "engine/ops/roi_align.h"

namespace vl {
namespace {

constexpr std::int64_t kBilinear = 0, kZeros = 0;  // grid_sampler's modes

/// Pixel centres from..to-1 in the box's own coordinates, -1 to 1 across it. A box without extent has none: 0, as
/// published.
at::Tensor boxCoordinates(std::int64_t from, std::int64_t to, const at::Tensor& low, const at::Tensor& high) {
    const at::Tensor centres = at::arange(from, to, low.options()) + 0.5;
    const at::Tensor inside = (centres - low) / (high - low) * 2 - 1;
    return inside.masked_fill(inside.isinf(), 0);
}

/// Pixels that a side from `low` to `high` can touch, one to spare, held to the canvas.
struct Span {
    Span(double low, double high, std::int64_t length)
        : from(static_cast<std::int64_t>(std::clamp(std::floor(low) - 1, 0.0, static_cast<double>(length)))),
          to(static_cast<std::int64_t>(std::clamp(std::ceil(high) + 1, 0.0, static_cast<double>(length)))) {}
    bool empty() const { return from >= to; }
    std::int64_t from, to;
};

}  // namespace

at::Tensor maskTargets(const at::Tensor& masks, const at::Tensor& objects, const at::Tensor& boxes, std::int64_t side) {
    const PictureSize canvas{static_cast<double>(masks.size(1)), static_cast<double>(masks.size(2))};
    const at::Tensor regions = at::cat({objects.to(boxes.scalar_type()).unsqueeze(1), clipBoxes(boxes, canvas)}, 1);
    return (roiAlign(masks.to(at::kFloat).unsqueeze(1), regions, {side, 1.0}).squeeze(1) >= 0.5).to(at::kFloat);
}

at::Tensor pasteMask(const at::Tensor& probabilities, const at::Tensor& box, std::int64_t height, std::int64_t width,
                     double threshold) {
    const at::Tensor edges = box.to(at::kCPU, at::kFloat).contiguous();
    const float* edge = edges.const_data_ptr<float>();
    const Span columns(edge[0], edge[2], width), rows(edge[1], edge[3], height);
    at::Tensor out = at::zeros({height, width}, at::kBool);
    if (columns.empty() || rows.empty()) return out;
    const at::Tensor x = boxCoordinates(columns.from, columns.to, edges[0], edges[2]);
    const at::Tensor y = boxCoordinates(rows.from, rows.to, edges[1], edges[3]);
    const at::Tensor grid =
        at::stack({x.unsqueeze(0).expand({y.numel(), -1}), y.unsqueeze(1).expand({-1, x.numel()})}, 2);
    const at::Tensor mask = probabilities.to(at::kCPU, at::kFloat).unsqueeze(0).unsqueeze(0);
    const at::Tensor sampled =
        at::grid_sampler(mask, grid.unsqueeze(0), kBilinear, kZeros, /*align_corners=*/false)[0][0];
    out.narrow(0, rows.from, rows.to - rows.from)
        .narrow(1, columns.from, columns.to - columns.from)
        .copy_(sampled >= threshold);
    return out;
}

}  // namespace vl
