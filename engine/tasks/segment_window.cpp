// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/segment_window.h"

#include <algorithm>
#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"

namespace vl {
namespace {

/// [first, last) of every window along one axis.
std::vector<std::pair<std::int64_t, std::int64_t>> spans(std::int64_t size, std::int64_t crop, std::int64_t stride) {
    const std::int64_t count = std::max<std::int64_t>(size - crop + stride - 1, 0) / stride + 1;
    std::vector<std::pair<std::int64_t, std::int64_t>> list;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t last = std::min(i * stride + crop, size);
        list.emplace_back(std::max<std::int64_t>(last - crop, 0), last);
    }
    return list;
}

at::Tensor part(const at::Tensor& x, const PixelBox& box) {
    return x.narrow(2, box.top, box.bottom - box.top).narrow(3, box.left, box.right - box.left);
}

}  // namespace

std::vector<PixelBox> slidingWindows(std::int64_t rows, std::int64_t columns, const SlidingWindow& window) {
    const auto& [height, width, rowStride, columnStride] = window;
    if (std::min({height, width, rowStride, columnStride}) < 1) {
        throw Error(ErrorCode::Usage, "Sides and strides of a sliding window must be at least one pixel.",
                    "The published test uses 512 and 341.");
    }
    std::vector<PixelBox> boxes;
    for (const auto& [top, bottom] : spans(rows, height, rowStride)) {
        for (const auto& [left, right] : spans(columns, width, columnStride))
            boxes.push_back({top, left, bottom, right});
    }
    return boxes;
}

at::Tensor segmentBySlidingWindow(Segmenter& model, const at::Tensor& images, const SlidingWindow& window,
                                  const std::function<bool(std::size_t, std::size_t)>& done) {
    const at::NoGradGuard noGrad;
    const std::vector<PixelBox> boxes = slidingWindows(images.size(2), images.size(3), window);
    at::Tensor sum, visits = at::zeros({1, 1, images.size(2), images.size(3)}, images.options());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const at::Tensor logits = model.forward(part(images, boxes[i]).contiguous());
        if (!sum.defined())
            sum = at::zeros({images.size(0), logits.size(1), images.size(2), images.size(3)}, logits.options());
        part(sum, boxes[i]).add_(logits);
        part(visits, boxes[i]).add_(1);
        if (done && !done(i + 1, boxes.size()))
            throw Error(ErrorCode::Cancelled, "Segmentation was stopped before its last window.", "Start it again.");
    }
    return sum / visits;
}

}  // namespace vl
