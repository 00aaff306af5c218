// SPDX-License-Identifier: Apache-2.0
// RoIAlign, suppression and pasted masks against plain loops in double: the per-element formulas on the processor,
// which any machine runs, and the kernels made of them where there is a device.
#include <limits>

#include "engine/cuda/nms_overlap.h"
#include "engine/cuda/paste_mask_pixel.h"
#include "engine/cuda/roi_align_cell.h"
#include "tests/cuda/detection_loops.h"

namespace vl::test {
namespace {

using Bytes = std::vector<unsigned char>;
using Groups = std::vector<std::int64_t>;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
const VlRoiAlign kShape{10, 2, 3, 9, 13, 3, 0.25F};
// Inside, half outside, wholly outside, empty, turned round, tiny, at the far edge, runaway, NaN, of no image.
const Numbers kRegions = {0,  4, 4,     30, 27,   1,  -20, -9, 24,   60, 0,  400,   400,   500, 500, 1,  8,
                          8,  8, 20,    0,  20,   20, 4,   4,  1,    9,  9,  9.01F, 9.02F, 1,   40,  24, 52,
                          36, 0, -2e5F, 3,  2e5F, 9,  0,   1,  kNaN, 9,  20, 7,     0,     0,   20,  20};

std::size_t featureCount(const VlRoiAlign& s) {
    return static_cast<std::size_t>(s.batch) * static_cast<std::size_t>(s.channels * s.height * s.width);
}
std::size_t cellCount(const VlRoiAlign& s) {
    return static_cast<std::size_t>(s.regions) * static_cast<std::size_t>(s.channels * s.size * s.size);
}

Numbers expectedForward(const Numbers& features) {
    std::vector<double> sums(cellCount(kShape));
    roiAlignLoop(kRegions, kShape,
                 [&](std::size_t o, std::size_t f, double weight) { sums[o] += weight * features[f]; });
    return {sums.begin(), sums.end()};
}
Numbers expectedBackward(const Numbers& gradient) {
    std::vector<double> sums(featureCount(kShape));
    roiAlignLoop(kRegions, kShape,
                 [&](std::size_t o, std::size_t f, double weight) { sums[f] += weight * gradient[o]; });
    return {sums.begin(), sums.end()};
}

cuda::RoiPlace placeOf(std::int64_t region) {
    return cuda::roiPlace(&kRegions[static_cast<std::size_t>(region) * 5], kShape.scale, kShape.size, kShape.batch,
                          kShape.height, kShape.width);
}

Numbers forwardOfCells(const Numbers& features) {
    Numbers out(cellCount(kShape));
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int cell = static_cast<int>(i) % 9, map = static_cast<int>(i) / 9;
        const cuda::RoiPlace place = placeOf(map / 3);
        if (place.image >= 0)
            out[i] = cuda::roiCell(&features[static_cast<std::size_t>((place.image * 3 + map % 3) * 117)], place,
                                   cell / 3, cell % 3);
    }
    return out;
}
Numbers backwardOfCells(const Numbers& gradient) {
    Numbers out(featureCount(kShape));
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int at = static_cast<int>(i), map = at / 117;
        for (int n = 0; n < 10; ++n) {
            const cuda::RoiPlace place = placeOf(n);
            if (place.image == map / 3)
                out[i] += cuda::roiGradient(&gradient[static_cast<std::size_t>((n * 3 + map % 3) * 9)], place,
                                            at / 13 % 9, at % 13);
        }
    }
    return out;
}

double dot(const Numbers& a, const Numbers& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * b[i];
    return sum;
}

/// Boxes that overlap often; some are NaN, some have no area.
Numbers crowd(std::size_t count) {
    Numbers boxes;
    for (std::size_t i = 0; i < count; ++i) {
        const double n = static_cast<double>(i);
        const double x = 60 + 50 * std::sin(1.7 * n), y = 60 + 50 * std::sin(2.9 * n + 1);
        const double wide = i % 17 == 5 ? 0 : 18 + 9 * std::sin(0.37 * n), tall = 16 + 9 * std::sin(0.53 * n);
        for (const double edge : {x, y, x + wide, y + tall})
            boxes.push_back(i % 23 == 7 ? kNaN : static_cast<float>(edge));
    }
    return boxes;
}
Groups groupsOf(std::size_t count) {
    Groups groups(count);
    for (std::size_t i = 0; i < count; ++i)
        groups[i] = static_cast<std::int64_t>(i * i % 3);
    return groups;
}

/// Strip by strip, as the two kernels go.
Bytes keptByTiles(const Numbers& boxes, const Groups& groups, float threshold) {
    const std::size_t count = boxes.size() / 4, tile = cuda::kNmsTile;
    Bytes kept(count, 1);
    const auto drops = [&](std::size_t a, std::size_t b) {
        return (groups.empty() || groups[a] == groups[b]) && cuda::nmsOverlaps(&boxes[4 * a], &boxes[4 * b], threshold);
    };
    for (std::size_t first = 0; first < count; first += tile) {
        const std::size_t end = std::min(first + tile, count);
        unsigned long long masks[cuda::kNmsTile] = {}, alive = 0;
        for (std::size_t i = first; i < end; ++i) {
            alive |= static_cast<unsigned long long>(kept[i]) << (i - first);
            for (std::size_t j = i + 1; j < end; ++j)
                masks[i - first] |= static_cast<unsigned long long>(drops(i, j)) << (j - first);
        }
        alive = cuda::nmsResolve(alive, masks);
        for (std::size_t i = first; i < end; ++i)
            kept[i] = static_cast<unsigned char>(alive >> (i - first) & 1ULL);
        for (std::size_t i = end; i < count; ++i) {
            for (std::size_t best = first; best < end; ++best)
                if (kept[best] != 0 && drops(best, i)) kept[i] = 0;
        }
    }
    return kept;
}

// Inside, half outside, wholly outside, larger than the canvas, thin, NaN.
const Numbers kPasteBoxes = {3.3F,   2.1F, 15.7F, 11.2F, -6,   -5, 8.5F, 7,  50,   60, 70, 80,
                             -20.3F, -30,  45,    50.2F, 5.2F, 1,  5.9F, 12, kNaN, 1,  9,  9};
constexpr int kSide = 7, kHeight = 14, kWidth = 19;

void expectPasted(const Bytes& actual, const Numbers& masks, float threshold) {
    ASSERT_EQ(actual.size(), std::size_t{6 * kHeight * kWidth});
    std::size_t close = 0;
    for (int n = 0, i = 0; n < 6; ++n) {
        for (int pixel = 0; pixel < kHeight * kWidth; ++pixel, ++i) {
            const double value =
                pasteLoop(&masks[static_cast<std::size_t>(n * kSide * kSide)],
                          &kPasteBoxes[static_cast<std::size_t>(n) * 4], kSide, pixel / kWidth, pixel % kWidth);
            if (std::abs(value - threshold) < 1e-5) {
                ++close;
                continue;
            }
            ASSERT_EQ(actual[static_cast<std::size_t>(i)] != 0, value >= threshold) << n << " at " << pixel;
        }
    }
    EXPECT_LE(close, 8U) << "cases that say nothing";
}

TEST(DetectionCells, RoiAlignAveragesTheSamplesOfEveryKindOfRegion) {
    const Numbers features = wave(featureCount(kShape), 1);
    expectClose(forwardOfCells(features), expectedForward(features), 1e-5F);
}

TEST(DetectionCells, RoiAlignsGradientIsItsTranspose) {
    const Numbers features = wave(featureCount(kShape), 2), gradient = wave(cellCount(kShape), 3);
    expectClose(backwardOfCells(gradient), expectedBackward(gradient), 2e-5F);
    EXPECT_NEAR(dot(gradient, forwardOfCells(features)), dot(backwardOfCells(gradient), features), 1e-4);
}

TEST(DetectionCells, SuppressionByStripsIsTheGreedyOne) {
    for (const std::size_t count : {0U, 1U, 63U, 64U, 65U, 1000U, 20000U}) {
        const Numbers boxes = crowd(count);
        EXPECT_EQ(keptByTiles(boxes, {}, 0.4F), nmsLoop(boxes, {}, 0.4F)) << count;
        EXPECT_EQ(keptByTiles(boxes, groupsOf(count), 0.2F), nmsLoop(boxes, groupsOf(count), 0.2F)) << count;
    }
}

TEST(DetectionCells, ANaNOverlapDropsNobody) {
    const Numbers boxes = {0, 0, 9, 9, kNaN, 0, 9, 9, 0, 0, 9, 9, 4, 4, 4, 4, 4, 4, 4, 4};
    EXPECT_EQ(keptByTiles(boxes, {}, 0.5F), (Bytes{1, 1, 0, 1, 1}));
}

TEST(DetectionCells, MasksArePastedUnderPixelCentres) {
    const Numbers masks = wave(std::size_t{6} * kSide * kSide, 4);
    Bytes pasted;
    for (std::size_t n = 0; n < 6; ++n) {
        for (int pixel = 0; pixel < kHeight * kWidth; ++pixel)
            pasted.push_back(cuda::pastePixel(&masks[n * kSide * kSide], &kPasteBoxes[4 * n], kSide, pixel / kWidth,
                                              pixel % kWidth, 0.3F));
    }
    expectPasted(pasted, masks, 0.3F);
}

/// Bytes and whole numbers in device memory.
template <class T>
class DeviceArray {
public:
    DeviceArray(const VlCudaPlugin& cuda, const std::vector<T>& values) : cuda_(cuda), count_(values.size()) {
        memory_ = static_cast<T*>(cuda_.allocate(std::max<std::size_t>(1, count_) * sizeof(T)));
        EXPECT_NE(memory_, nullptr);
        EXPECT_EQ(cuda_.upload(memory_, values.data(), count_ * sizeof(T)), 0);
    }
    ~DeviceArray() { cuda_.release(memory_); }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;
    T* get() const { return memory_; }
    std::vector<T> read() const {
        std::vector<T> values(count_);
        EXPECT_EQ(cuda_.synchronize(), 0);
        EXPECT_EQ(cuda_.download(values.data(), memory_, count_ * sizeof(T)), 0);
        return values;
    }

private:
    const VlCudaPlugin& cuda_;
    std::size_t count_;
    T* memory_ = nullptr;
};

TEST_F(CudaKernel, RoiAlignAndItsTransposeAreTheLoops) {
    const Numbers features = wave(featureCount(kShape), 1), gradient = wave(cellCount(kShape), 3);
    const DeviceNumbers in(*cuda, features), regions(*cuda, kRegions), from(*cuda, gradient);
    const DeviceNumbers out(*cuda, wave(cellCount(kShape), 5)), to(*cuda, wave(featureCount(kShape), 6));
    ASSERT_EQ(cuda->roiAlign(in.get(), regions.get(), out.get(), &kShape, nullptr), 0);
    expectClose(out.read(), expectedForward(features), 1e-5F);
    ASSERT_EQ(cuda->roiAlignBackward(from.get(), regions.get(), to.get(), &kShape, nullptr), 0);
    expectClose(to.read(), expectedBackward(gradient), 2e-5F);
    EXPECT_NEAR(dot(gradient, out.read()), dot(to.read(), features), 1e-4);
    const Numbers once = to.read();
    ASSERT_EQ(cuda->roiAlignBackward(from.get(), regions.get(), to.get(), &kShape, nullptr), 0);
    EXPECT_EQ(to.read(), once) << "the order of additions is fixed";
}

TEST_F(CudaKernel, NoRegionsLeaveNoGradient) {
    VlRoiAlign none = kShape;
    none.regions = 0;
    const DeviceNumbers to(*cuda, wave(featureCount(none), 6));
    ASSERT_EQ(cuda->roiAlign(to.get(), nullptr, nullptr, &none, nullptr), 0);
    ASSERT_EQ(cuda->roiAlignBackward(nullptr, nullptr, to.get(), &none, nullptr), 0);
    expectClose(to.read(), Numbers(featureCount(none), 0.0F), 0.0F);
}

TEST_F(CudaKernel, SuppressionIsTheGreedyOne) {
    for (const std::size_t count : {1U, 64U, 65U, 1000U, 20000U}) {
        const Numbers boxes = crowd(count);
        const DeviceNumbers memory(*cuda, boxes);
        const DeviceArray<std::int64_t> groups(*cuda, groupsOf(count));
        const DeviceArray<unsigned char> kept(*cuda, Bytes(count, 9));
        ASSERT_EQ(cuda->nms(memory.get(), nullptr, kept.get(), static_cast<std::int64_t>(count), 0.4F, nullptr), 0);
        EXPECT_EQ(kept.read(), nmsLoop(boxes, {}, 0.4F)) << count;
        ASSERT_EQ(cuda->nms(memory.get(), groups.get(), kept.get(), static_cast<std::int64_t>(count), 0.2F, nullptr),
                  0);
        EXPECT_EQ(kept.read(), nmsLoop(boxes, groupsOf(count), 0.2F)) << count;
    }
    EXPECT_EQ(cuda->nms(nullptr, nullptr, nullptr, 0, 0.5F, nullptr), 0);
}

TEST_F(CudaKernel, MasksArePastedUnderPixelCentres) {
    const Numbers masks = wave(std::size_t{6} * kSide * kSide, 4);
    const DeviceNumbers in(*cuda, masks), boxes(*cuda, kPasteBoxes);
    const DeviceArray<unsigned char> out(*cuda, Bytes(std::size_t{6} * kHeight * kWidth, 9));
    ASSERT_EQ(cuda->pasteMasks(in.get(), boxes.get(), out.get(), 6, kSide, kHeight, kWidth, 0.3F, nullptr), 0);
    expectPasted(out.read(), masks, 0.3F);
}

TEST_F(CudaKernel, DetectionRefusesSizesThatAreNone) {
    VlRoiAlign bad = kShape;
    bad.size = 0;
    EXPECT_NE(cuda->roiAlign(nullptr, nullptr, nullptr, &bad, nullptr), 0);
    EXPECT_NE(cuda->roiAlignBackward(nullptr, nullptr, nullptr, nullptr, nullptr), 0);
    EXPECT_NE(cuda->nms(nullptr, nullptr, nullptr, -1, 0.5F, nullptr), 0);
    EXPECT_NE(cuda->pasteMasks(nullptr, nullptr, nullptr, 1, 0, 4, 4, 0.5F, nullptr), 0);
}

}  // namespace
}  // namespace vl::test
