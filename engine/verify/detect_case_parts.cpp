// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/detect_case_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/stack.h>

#include "engine/core/error.h"
#include "engine/nn/recorded_fill.h"

namespace vl {

std::int64_t recordedSize(const nlohmann::json& value, const std::string& what, std::int64_t low, std::int64_t high) {
    const auto size = value.get<std::int64_t>();
    if (size >= low && size <= high) return size;
    throw Error(ErrorCode::BadFile, "The case gives " + std::to_string(size) + " for " + what + ".",
                "Values from " + std::to_string(low) + " to " + std::to_string(high) + " can be replayed.");
}

at::Tensor recordedBoxes(const std::string& name, std::int64_t count, double smallest, double height, double width) {
    const at::Tensor v = (recordedStream(name, {count, 4}).to(at::kDouble) + 1) / 2;
    const at::Tensor x = v.select(1, 0) * width, y = v.select(1, 1) * height;
    const at::Tensor halfWidth = (v.select(1, 2) * (0.4 * width) + smallest) / 2;
    const at::Tensor halfHeight = (v.select(1, 3) * (0.4 * height) + smallest) / 2;
    return at::stack({x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight}, 1).to(at::kFloat);
}

at::Tensor recordedClasses(const std::string& name, std::int64_t count, std::int64_t classes) {
    const at::Tensor v = (recordedStream(name, {count}).to(at::kDouble) + 1) / 2;
    return (v * static_cast<double>(classes)).floor().to(at::kLong);
}

at::Tensor recordedEllipse(const at::Tensor& box, std::int64_t height, std::int64_t width) {
    const at::Tensor edge = box.to(at::kDouble);
    const auto along = [&](std::int64_t axis, std::int64_t length) {
        const at::Tensor centre = (edge[axis] + edge[axis + 2]) / 2, radius = (edge[axis + 2] - edge[axis]) / 2;
        return ((at::arange(length, at::kDouble) + 0.5 - centre) / radius).square();
    };
    return along(1, height).unsqueeze(1) + along(0, width) <= 1;
}

RowMatcher::RowMatcher(const at::Tensor& boxes, const at::Tensor& scores, const at::Tensor& labels, double scale)
    : boxes_(boxes.to(at::kCPU, at::kDouble).contiguous()),
      scores_(scores.to(at::kCPU, at::kDouble).contiguous()),
      labels_(labels.defined() ? labels.to(at::kCPU, at::kLong).contiguous() : labels),
      scale_(scale),
      used_(static_cast<std::size_t>(boxes.size(0)), false) {}

double RowMatcher::distance(std::int64_t row, const std::array<double, 4>& box, double score) const {
    const double* found = boxes_.const_data_ptr<double>() + 4 * row;
    double worst = std::abs(scores_.const_data_ptr<double>()[row] - score) / score;
    for (std::size_t k = 0; k < 4; ++k)
        worst = std::max(worst, std::abs(found[k] - box[k]) / scale_);
    return worst;
}

std::int64_t RowMatcher::match(const std::array<double, 4>& box, double score, std::int64_t label) {
    double best = std::numeric_limits<double>::infinity();
    std::int64_t taken = -1;
    for (std::int64_t i = 0; i < boxes_.size(0); ++i) {
        const bool other = label >= 0 && labels_.const_data_ptr<std::int64_t>()[i] != label;
        if (used_[static_cast<std::size_t>(i)] || other) continue;
        const double off = distance(i, box, score);
        if (off < best) best = off, taken = i;
    }
    if (taken >= 0) used_[static_cast<std::size_t>(taken)] = true;
    worst_ = std::max(worst_, best);
    return taken;
}

}  // namespace vl
