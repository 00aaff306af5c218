// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_anchors.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

namespace vl {
namespace {

constexpr double kScale = 8;
constexpr double kRatios[] = {0.5, 1, 2};
constexpr std::int64_t kPerCell = 3;

}  // namespace

at::Tensor levelAnchors(std::int64_t rows, std::int64_t columns, std::int64_t stride) {
    at::Tensor anchors = at::empty({rows * columns * kPerCell, 4}, at::kFloat);
    float* out = anchors.data_ptr<float>();
    float half[kPerCell][2];
    for (std::int64_t r = 0; r < kPerCell; ++r) {
        // float32 at every step, as published: the corners carry its rounding.
        const float root = std::sqrt(static_cast<float>(kRatios[r])), base = static_cast<float>(stride);
        half[r][0] = 0.5f * (base * (1.0f / root) * static_cast<float>(kScale));
        half[r][1] = 0.5f * (base * root * static_cast<float>(kScale));
    }
    for (std::int64_t cell = 0; cell < rows * columns; ++cell) {
        const auto x = static_cast<float>(cell % columns * stride), y = static_cast<float>(cell / columns * stride);
        for (const auto& [dx, dy] : half) {
            *out++ = x - dx;
            *out++ = y - dy;
            *out++ = x + dx;
            *out++ = y + dy;
        }
    }
    return anchors;
}

std::vector<at::Tensor> pyramidAnchors(const std::vector<at::Tensor>& maps, std::int64_t stride) {
    std::vector<at::Tensor> anchors;
    for (const at::Tensor& map : maps) {
        anchors.push_back(levelAnchors(map.size(2), map.size(3), stride).to(map.device()));
        stride *= 2;
    }
    return anchors;
}

at::Tensor anchorsInside(std::int64_t rows, std::int64_t columns, std::int64_t stride, const PictureSize& picture) {
    const auto reached = [stride](double pixels, std::int64_t cells) {
        return std::min(cells, static_cast<std::int64_t>(std::ceil(pixels / static_cast<double>(stride))));
    };
    at::Tensor inside = at::zeros({rows, columns, kPerCell}, at::kBool);
    inside.narrow(0, 0, reached(picture.height, rows)).narrow(1, 0, reached(picture.width, columns)).fill_(true);
    return inside.flatten();
}

}  // namespace vl
