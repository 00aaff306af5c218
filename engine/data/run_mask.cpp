// SPDX-License-Identifier: Apache-2.0
#include "engine/data/run_mask.h"

#include <algorithm>
#include <limits>

#include "engine/core/error.h"

namespace vl {
namespace {

std::uint64_t pixelCount(int width, int height) {
    const std::uint64_t pixels =
        static_cast<std::uint64_t>(std::max(width, 0)) * static_cast<std::uint64_t>(std::max(height, 0));
    if (pixels > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max()))
        throw Error(ErrorCode::Mismatch,
                    "A mask of " + std::to_string(width) + " x " + std::to_string(height) + " pixels is too large.",
                    "Masks have at most two thousand million pixels.");
    return pixels;
}

std::uint64_t sumOf(const RunMask& mask) {
    std::uint64_t sum = 0;
    for (const std::uint32_t run : mask.runs)
        sum += run;
    return sum;
}

/// Walks along runs: how far the present one still reaches and whether it is inside.
class RunWalk {
public:
    explicit RunWalk(const RunMask& mask) : runs_(mask.runs), left_(mask.runs.empty() ? 0 : mask.runs[0]) {}
    std::uint32_t left() const { return left_; }
    bool inside() const { return inside_; }
    /// Goes `step` <= left() on; into the next run where this one ends.
    void advance(std::uint32_t step) {
        left_ -= step;
        if (left_ > 0 || at_ + 1 >= runs_.size()) return;
        left_ = runs_[++at_];
        inside_ = !inside_;
    }
    bool ended() const { return left_ == 0 && at_ + 1 >= runs_.size(); }

private:
    const std::vector<std::uint32_t>& runs_;
    std::size_t at_ = 0;
    std::uint32_t left_;
    bool inside_ = false;
};

RunMask uniteTwo(const RunMask& a, const RunMask& b) {
    if (a.width != b.width || a.height != b.height || sumOf(a) != sumOf(b))
        throw Error(ErrorCode::Mismatch, "Masks of different sizes cannot be united.",
                    "Masks of one picture have its size.");
    RunMask result{a.width, a.height, {}};
    RunWalk first(a), second(b);
    std::uint32_t length = 0;
    bool inside = false;
    for (bool more = true; more;) {
        const std::uint32_t step = std::min(first.left(), second.left());
        length += step;
        first.advance(step);
        second.advance(step);
        more = first.left() > 0 || second.left() > 0;
        const bool now = first.inside() || second.inside();
        if (now == inside && more) continue;
        result.runs.push_back(length);
        length = 0;
        inside = now;
    }
    return result;
}

std::int64_t sharedArea(const RunMask& a, const RunMask& b) {
    std::int64_t shared = 0;
    RunWalk first(a), second(b);
    while (!first.ended() && !second.ended()) {
        const std::uint32_t step = std::min(first.left(), second.left());
        if (first.inside() && second.inside()) shared += step;
        first.advance(step);
        second.advance(step);
    }
    return shared;
}

}  // namespace

RunMask runMaskOf(std::span<const std::uint8_t> pixels, int width, int height) {
    if (pixels.size() != pixelCount(width, height))
        throw Error(ErrorCode::Mismatch, "A mask has another number of pixels than its size says.");
    RunMask mask{width, height, {}};
    bool inside = false;
    std::uint32_t length = 0;
    for (int x = 0; x < width; ++x) {
        const std::uint8_t* pixel = pixels.data() + x;
        for (int y = 0; y < height; ++y, pixel += width) {
            if ((*pixel != 0) != inside) {
                mask.runs.push_back(length);
                length = 0;
                inside = !inside;
            }
            ++length;
        }
    }
    mask.runs.push_back(length);
    return mask;
}

std::vector<std::uint8_t> pixelsOf(const RunMask& mask) {
    const std::uint64_t count = pixelCount(mask.width, mask.height);
    if (mask.width < 0 || mask.height < 0 || sumOf(mask) != count)
        throw Error(ErrorCode::Mismatch,
                    "The runs of a mask do not fill its " + std::to_string(mask.width) + " x " +
                        std::to_string(mask.height) + " pixels.",
                    "The runs of a mask sum to width times height.");
    std::vector<std::uint8_t> pixels(count, 0);
    const auto height = static_cast<std::uint64_t>(mask.height), width = static_cast<std::uint64_t>(mask.width);
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < mask.runs.size(); at += mask.runs[i], ++i) {
        if (i % 2 == 0 || mask.runs[i] == 0) continue;
        std::uint64_t x = at / height, y = at % height;
        for (std::uint32_t left = mask.runs[i]; left > 0; --left) {
            pixels[y * width + x] = 1;
            if (++y == height) y = 0, ++x;
        }
    }
    return pixels;
}

std::int64_t area(const RunMask& mask) {
    std::int64_t sum = 0;
    for (std::size_t i = 1; i < mask.runs.size(); i += 2)
        sum += mask.runs[i];
    return sum;
}

std::array<double, 4> boundingBox(const RunMask& mask) {
    // Only runs with an end count: a zero run at the end of a file's list has no pixel. The last pixel of a run of
    // length zero is the one before it; pycocotools has it so.
    const std::size_t paired = mask.runs.size() / 2 * 2;
    if (paired == 0 || mask.height <= 0) return {};
    const std::int64_t height = mask.height;
    std::int64_t left = mask.width, top = height, right = 0, bottom = 0, at = 0, columnBefore = 0;
    for (std::size_t i = 0; i < paired; ++i) {
        at += mask.runs[i];
        const std::int64_t pixel = at - (i % 2 == 0 ? 0 : 1);
        const std::int64_t y = pixel % height, x = pixel / height;
        if (i % 2 == 0) {
            columnBefore = x;
        } else if (columnBefore < x) {  // over the foot of a column: all rows
            top = 0;
            bottom = height - 1;
        }
        left = std::min(left, x), right = std::max(right, x);
        top = std::min(top, y), bottom = std::max(bottom, y);
    }
    return {static_cast<double>(left), static_cast<double>(top), static_cast<double>(right - left + 1),
            static_cast<double>(bottom - top + 1)};
}

RunMask unite(std::span<const RunMask> masks) {
    if (masks.empty()) return {};
    RunMask all = masks[0];
    for (const RunMask& mask : masks.subspan(1))
        all = uniteTwo(all, mask);
    return all;
}

double overlap(const RunMask& found, const RunMask& truth, bool crowd) {
    if (found.width != truth.width || found.height != truth.height) return -1;
    const std::int64_t shared = sharedArea(found, truth);
    if (shared == 0) return 0;
    const std::int64_t whole = crowd ? area(found) : area(found) + area(truth) - shared;
    return static_cast<double>(shared) / static_cast<double>(whole);
}

}  // namespace vl
