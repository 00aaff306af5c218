// SPDX-License-Identifier: Apache-2.0
#include "engine/dense/segment_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <ATen/ops/zeros.h>

namespace vl {
namespace {

/// The two samples a bilinear value comes from, as upsample_bilinear2d chooses them (align_corners false).
struct Tap {
    Tap(std::int64_t target, double scale, std::int64_t size) {
        const double position = std::max((static_cast<double>(target) + 0.5) * scale - 0.5, 0.0);
        low = std::min(static_cast<std::int64_t>(position), size - 1);
        high = std::min(low + 1, size - 1);
        share = static_cast<float>(std::clamp(position - static_cast<double>(low), 0.0, 1.0));
    }
    std::int64_t low, high;
    float share;                          ///< of high
};

}  // namespace

SegmentView::SegmentView(std::shared_ptr<const Image> canvas, bool mirrored, std::vector<PixelBox> boxes,
                         const TakenSides& sides, std::int64_t width, std::int64_t height)
    : canvas_(std::move(canvas)),
      mirrored_(mirrored),
      wide_(width > height),
      boxes_(std::move(boxes)),
      sides_(sides),
      width_(width),
      height_(height) {
    // Along the long side, in the order the output is made. A mirrored canvas starts at its other end.
    if (!wide_) return;
    std::stable_sort(boxes_.begin(), boxes_.end(), [this](const PixelBox& a, const PixelBox& b) {
        return mirrored_ ? a.right > b.right : a.left < b.left;
    });
}

std::int64_t SegmentView::canvasLine(std::int64_t outputLine) const {
    const double scale = wide_ ? static_cast<double>(canvas_->width) / static_cast<double>(width_)
                               : static_cast<double>(canvas_->height) / static_cast<double>(height_);
    return static_cast<std::int64_t>(std::ceil((static_cast<double>(outputLine) + 0.5) * scale)) + 1;
}

bool SegmentView::needsMore(std::int64_t until) const {
    if (next_ == boxes_.size()) return false;
    const PixelBox& box = boxes_[next_];
    const std::int64_t start = !wide_ ? box.top : mirrored_ ? canvas_->width - box.right : box.left;
    return start < canvasLine(until);
}

void SegmentView::release(std::int64_t from) {
    const double scale = wide_ ? static_cast<double>(canvas_->width) / static_cast<double>(width_)
                               : static_cast<double>(canvas_->height) / static_cast<double>(height_);
    const auto first = static_cast<std::int64_t>(std::floor((static_cast<double>(from) + 0.5) * scale)) - 2;
    std::erase_if(held_, [&](const Window& window) {
        const PixelBox& box = window.box;
        return (!wide_ ? box.bottom : mirrored_ ? canvas_->width - box.left : box.right) <= first;
    });
}

SegmentView::Area SegmentView::advance(Segmenter& model) {
    const PixelBox box = boxes_.at(next_++);
    const std::int64_t height = box.bottom - box.top, width = box.right - box.left;
    const std::int64_t rows = sides_.padded(height), columns = sides_.padded(width);
    const at::Tensor input = partOf(*canvas_, {box.top, box.left, height, width, mirrored_}, rows, columns);
    const at::Tensor logits = model.segment(input, {}).logits;
    classes_ = logits.size(1);
    held_.push_back({box, logits[0].to(at::kFloat).permute({1, 2, 0}).contiguous(),
                     static_cast<double>(logits.size(2)) / static_cast<double>(rows),
                     static_cast<double>(logits.size(3)) / static_cast<double>(columns)});
    const auto toOutput = [](std::int64_t line, std::int64_t from, std::int64_t to) {
        return std::min(line * to / from, to);
    };
    const std::int64_t left = mirrored_ ? canvas_->width - box.right : box.left;
    return {toOutput(box.top, canvas_->height, height_), toOutput(left, canvas_->width, width_),
            toOutput(box.bottom, canvas_->height, height_), toOutput(left + width, canvas_->width, width_)};
}

void SegmentView::addWindow(const Window& window, const PixelBox& part, float* sums, float* visits) const {
    const PixelBox& box = window.box;
    const std::int64_t top = std::max(part.top, box.top), bottom = std::min(part.bottom, box.bottom);
    const std::int64_t left = std::max(part.left, box.left), right = std::min(part.right, box.right);
    if (top >= bottom || left >= right) return;
    const std::int64_t rows = window.logits.size(0), columns = window.logits.size(1), width = part.right - part.left;
    const float* const cells = window.logits.const_data_ptr<float>();
    for (std::int64_t y = top; y < bottom; ++y) {
        const Tap down(y - box.top, window.rowScale, rows);
        const float *upper = cells + down.low * columns * classes_, *lower = cells + down.high * columns * classes_;
        for (std::int64_t x = left; x < right; ++x) {
            const Tap across(x - box.left, window.columnScale, columns);
            const float *a = upper + across.low * classes_, *b = upper + across.high * classes_;
            const float *c = lower + across.low * classes_, *d = lower + across.high * classes_;
            const float wb = (1 - down.share) * across.share, wa = (1 - down.share) - wb;
            const float wd = down.share * across.share, wc = down.share - wd;
            const std::int64_t pixel = (y - part.top) * width + x - part.left;
            float* const sum = sums + pixel * classes_;
            for (std::int64_t k = 0; k < classes_; ++k)
                sum[k] += wa * a[k] + wb * b[k] + wc * c[k] + wd * d[k];
            visits[pixel] += 1;
        }
    }
}

at::Tensor SegmentView::canvasLogits(const PixelBox& part) const {
    const std::int64_t pixels = (part.bottom - part.top) * (part.right - part.left);
    at::Tensor sums = at::zeros({pixels, classes_}, at::kFloat);
    std::vector<float> visits(static_cast<std::size_t>(pixels));
    float* const values = sums.mutable_data_ptr<float>();
    for (const Window& window : held_)
        addWindow(window, part, values, visits.data());
    for (std::int64_t i = 0; i < pixels; ++i) {
        const float share = 1 / std::max(visits[static_cast<std::size_t>(i)], 1.0f);
        for (std::int64_t k = 0; k < classes_; ++k)
            values[i * classes_ + k] *= share;
    }
    return sums;
}

at::Tensor SegmentView::logits(const Area& area) const {
    const std::int64_t rows = area.bottom - area.top, columns = area.right - area.left;
    const double down = static_cast<double>(canvas_->height) / static_cast<double>(height_);
    const double across = static_cast<double>(canvas_->width) / static_cast<double>(width_);
    std::vector<Tap> vertical, horizontal;
    for (std::int64_t y = area.top; y < area.bottom; ++y)
        vertical.emplace_back(y, down, canvas_->height);
    for (std::int64_t x = area.left; x < area.right; ++x)
        horizontal.emplace_back(x, across, canvas_->width);
    const bool same = down == 1 && across == 1;  // every pixel is one of the canvas's
    PixelBox part{vertical.front().low, horizontal.front().low, (same ? vertical.back().low : vertical.back().high) + 1,
                  (same ? horizontal.back().low : horizontal.back().high) + 1};
    const std::int64_t left = part.left;
    if (mirrored_) {
        part.left = canvas_->width - part.right;
        part.right = canvas_->width - left;
    }
    const at::Tensor canvas = canvasLogits(part);
    if (same && !mirrored_) return canvas;
    if (same) return canvas.view({rows, columns, classes_}).flip({1}).reshape({rows * columns, classes_});
    at::Tensor out = at::zeros({rows * columns, classes_}, at::kFloat);
    const float* const values = canvas.const_data_ptr<float>();
    const std::int64_t width = part.right - part.left;
    const auto at = [&](std::int64_t y, std::int64_t x) {
        const std::int64_t column = mirrored_ ? width - 1 - (x - left) : x - left;
        return values + ((y - part.top) * width + column) * classes_;
    };
    float* to = out.mutable_data_ptr<float>();
    for (const Tap& y : vertical)
        for (const Tap& x : horizontal) {
            const float *a = at(y.low, x.low), *b = at(y.low, x.high), *c = at(y.high, x.low), *d = at(y.high, x.high);
            const float wb = (1 - y.share) * x.share, wa = (1 - y.share) - wb;
            const float wd = y.share * x.share, wc = y.share - wd;
            for (std::int64_t k = 0; k < classes_; ++k)
                *to++ = wa * a[k] + wb * b[k] + wc * c[k] + wd * d[k];
        }
    return out;
}

}  // namespace vl
