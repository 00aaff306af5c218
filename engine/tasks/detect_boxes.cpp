// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_boxes.h"

#include <algorithm>
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/log2.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/ops/roi_align.h"

namespace vl {
namespace {

at::Tensor deviationsLike(const std::array<double, 4>& deviations, const at::Tensor& like) {
    return at::tensor(at::ArrayRef<double>(deviations)).to(like.options());
}

at::Tensor low(const at::Tensor& boxes) { return boxes.narrow(-1, 0, 2); }
at::Tensor high(const at::Tensor& boxes) { return boxes.narrow(-1, 2, 2); }

}  // namespace

at::Tensor boxOverlaps(const at::Tensor& a, const at::Tensor& b) {
    const at::Tensor area = (high(a) - low(a)).prod(-1).unsqueeze(1) + (high(b) - low(b)).prod(-1);
    const at::Tensor sides = (at::minimum(high(a).unsqueeze(1), high(b)) - at::maximum(low(a).unsqueeze(1), low(b)));
    const at::Tensor shared = sides.clamp_min(0).prod(-1);
    return shared / (area - shared).clamp_min(1e-6);
}

at::Tensor clipBoxes(const at::Tensor& boxes, const PictureSize& picture) {
    const at::Tensor sides = boxes.unflatten(-1, {-1, 2});
    return at::stack({sides.select(-1, 0).clamp(0, picture.width), sides.select(-1, 1).clamp(0, picture.height)}, -1)
        .flatten(-2);
}

at::Tensor BoxCoder::encode(const at::Tensor& from, const at::Tensor& to) const {
    const at::Tensor size = high(from) - low(from), wanted = high(to) - low(to);
    const at::Tensor shift = ((low(to) + high(to)) * 0.5 - (low(from) + high(from)) * 0.5) / size;
    return at::cat({shift, (wanted / size).log()}, -1) / deviationsLike(deviations, from);
}

at::Tensor BoxCoder::decode(const at::Tensor& from, const at::Tensor& deltas, const PictureSize* picture) const {
    constexpr double kLargestRatio = 4.135166556742356;  // |ln(16 / 1000)|
    const at::Tensor steps = deltas.unflatten(-1, {-1, 4}) * deviationsLike(deviations, deltas);
    const at::Tensor start = from.to(deltas.scalar_type()).unsqueeze(1);
    const at::Tensor size = high(start) - low(start), centre = (low(start) + high(start)) * 0.5;
    const at::Tensor middle = centre + size * low(steps);
    const at::Tensor half = size * high(steps).clamp(-kLargestRatio, kLargestRatio).exp() * 0.5;
    const at::Tensor boxes = at::cat({middle - half, middle + half}, -1).flatten(1);
    return picture ? clipBoxes(boxes, *picture) : boxes;
}

at::Tensor regionLevels(const at::Tensor& boxes, std::int64_t levels, std::int64_t stride) {
    const at::Tensor side = (high(boxes) - low(boxes)).prod(-1).sqrt();
    return at::log2(side / static_cast<double>(14 * stride) + 1e-6).floor().clamp(0, static_cast<double>(levels - 1)).to(at::kLong);
}

at::Tensor regionsOf(const std::vector<at::Tensor>& boxesPerImage) {
    std::vector<at::Tensor> rows;
    for (std::size_t i = 0; i < boxesPerImage.size(); ++i) {
        const at::Tensor& boxes = boxesPerImage[i];
        rows.push_back(at::cat({at::full({boxes.size(0), 1}, static_cast<double>(i), boxes.options()), boxes}, 1));
    }
    return at::cat(rows);
}

at::Tensor extractRegions(const std::vector<at::Tensor>& features, const at::Tensor& regions, std::int64_t size,
                          std::int64_t finest) {
    const auto levels = static_cast<std::int64_t>(std::min<std::size_t>(features.size(), 4));
    const at::Tensor level = regionLevels(regions.narrow(1, 1, 4), levels, finest);
    std::vector<at::Tensor> parts, places;
    for (std::int64_t l = 0; l < levels; ++l) {
        const at::Tensor index = at::nonzero(level == l).flatten();
        if (index.numel() == 0) continue;
        const double stride = std::ldexp(static_cast<double>(finest), static_cast<int>(l));
        parts.push_back(
            roiAlign(features[static_cast<std::size_t>(l)], regions.index_select(0, index), {size, 1 / stride}));
        places.push_back(index);
    }
    if (parts.empty()) return at::zeros({0, features.front().size(1), size, size}, features.front().options());
    return at::cat(parts).index_select(0, at::cat(places).argsort());
}

}  // namespace vl
