// SPDX-License-Identifier: Apache-2.0
// The per-element formulas of the plug-in against what the engine computes on the processor.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "engine/cuda/nms_overlap.h"
#include "engine/cuda/paste_mask_pixel.h"
#include "engine/cuda/roi_align_cell.h"
#include "engine/ops/nms.h"
#include "engine/ops/roi_align.h"
#include "engine/tasks/detect_masks.h"

namespace vl::test {
namespace {

constexpr int kBatch = 2, kChannels = 3, kHeight = 25, kWidth = 31, kSize = 7, kRegions = 40;
constexpr float kScale = 0.125F;

/// Corners anywhere in and around the picture, some of them turned round, one region runaway.
at::Tensor someRegions() {
    const at::Tensor corners = at::rand({kRegions, 4}) * 320 - 40;
    corners[3].copy_(at::tensor({-3e5F, 10.0F, 3e5F, 90.0F}));
    return at::cat({at::randint(0, kBatch, {kRegions, 1}), corners}, 1).contiguous();
}

TEST(DetectionFormulas, RoiAlignIsTheEnginesInBothDirections) {
    at::manual_seed(1);
    const at::Tensor regions = someRegions();
    const at::Tensor features = at::randn({kBatch, kChannels, kHeight, kWidth}).requires_grad_();
    const at::Tensor out = roiAlign(features, regions, {kSize, kScale});
    const at::Tensor gradient = at::randn_like(out);
    out.backward(gradient);

    const at::Tensor ours = at::zeros_like(out, at::kFloat).detach(), ourGradient = at::zeros_like(features).detach();
    const auto* plane = features.const_data_ptr<float>();
    for (int n = 0; n < kRegions; ++n) {
        const cuda::RoiPlace place =
            cuda::roiPlace(regions.const_data_ptr<float>() + 5 * n, kScale, kSize, kBatch, kHeight, kWidth);
        for (int c = 0; c < kChannels; ++c) {
            const std::int64_t cells = (n * kChannels + c) * kSize * kSize;
            const std::int64_t map = (place.image * kChannels + c) * kHeight * kWidth;
            for (int i = 0; i < kSize * kSize; ++i)
                ours.data_ptr<float>()[cells + i] = cuda::roiCell(plane + map, place, i / kSize, i % kSize);
            for (int i = 0; i < kHeight * kWidth; ++i)
                ourGradient.data_ptr<float>()[map + i] +=
                    cuda::roiGradient(gradient.const_data_ptr<float>() + cells, place, i / kWidth, i % kWidth);
        }
    }
    EXPECT_LE((ours - out.detach()).abs().max().item<float>(), 1e-5F);
    EXPECT_LE((ourGradient - features.grad()).abs().max().item<float>(), 1e-4F);
}

TEST(DetectionFormulas, OverlapsDropWhomTheEngineDrops) {
    at::manual_seed(2);
    const at::Tensor corner = at::rand({400, 2}) * 100, boxes = at::cat({corner, corner + at::rand({400, 2}) * 40}, 1);
    const at::Tensor best = nms(boxes, at::arange(400, 0, -1).to(at::kFloat), 0.3);
    const auto* box = boxes.const_data_ptr<float>();
    std::vector<std::int64_t> kept;
    for (std::int64_t i = 0; i < 400; ++i) {
        bool stands = true;
        for (const std::int64_t j : kept)
            stands = stands && !cuda::nmsOverlaps(box + 4 * j, box + 4 * i, 0.3F);
        if (stands) kept.push_back(i);
    }
    EXPECT_EQ(kept, std::vector<std::int64_t>(best.const_data_ptr<std::int64_t>(),
                                              best.const_data_ptr<std::int64_t>() + best.numel()));
}

TEST(DetectionFormulas, MasksLieWhereTheEngineLaysThem) {
    at::manual_seed(3);
    const std::vector<std::vector<float>> boxes = {{3.3F, 2.1F, 15.7F, 11.2F}, {-6, -5, 8.5F, 7}, {50, 60, 70, 80},
                                                   {-20, -30, 45, 50},         {5, 1, 5, 12},     {4.5F, 3, 4.5F, 12}};
    for (const auto& box : boxes) {
        const at::Tensor mask = at::rand({28, 28});
        const at::Tensor pasted = pasteMask(mask, at::tensor(box), 20, 24).contiguous();
        const auto* cells = mask.const_data_ptr<float>();
        for (int i = 0; i < 20 * 24; ++i) {
            if (std::abs(cuda::pasteSample(cells, box.data(), 28, i / 24, i % 24) - 0.5F) < 1e-5F) continue;
            ASSERT_EQ(cuda::pastePixel(cells, box.data(), 28, i / 24, i % 24, 0.5F) != 0,
                      pasted.const_data_ptr<bool>()[i])
                << box[0] << " at " << i;
        }
    }
}

}  // namespace
}  // namespace vl::test
