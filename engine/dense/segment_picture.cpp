// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/softmax.h>

#include "engine/core/error.h"
#include "engine/data/dense_augment.h"
#include "engine/data/resize.h"
#include "engine/dense/predictor.h"
#include "engine/dense/segment_view.h"

namespace vl {
namespace {

using Area = SegmentView::Area;

/// Output lines finished at a time, and pixels of the other side: what is worked on fits in a cache or two.
constexpr std::int64_t kBand = 64, kBlock = 128;
/// A picture segmented whole may not be larger: the memory of attention grows with it.
constexpr std::int64_t kMostWhole = 2048ll * 2048;

Segmenter& segmenterOf(Model& model) {
    if (model.spec().numClasses > kNoClass)
        throw Error(ErrorCode::Unsupported, "'" + model.spec().name + "' has more than 255 classes.",
                    "Choose a model with fewer.");
    if (auto* segmenter = dynamic_cast<Segmenter*>(&model)) return *segmenter;
    throw Error(ErrorCode::Mismatch, "'" + model.spec().name + "' does not segment pictures.",
                "Choose a segmentation model.");
}

std::shared_ptr<const Image> scaled(std::shared_ptr<const Image> picture, const SegmentTesting& how, double factor) {
    if (how.baseLong > 0 && how.baseShort > 0) {
        const auto side = [&](int base) { return std::max(1, static_cast<int>(std::lround(base * factor))); };
        return std::make_shared<Image>(fitForTesting(*picture, side(how.baseLong), side(how.baseShort)));
    }
    if (factor == 1) return picture;
    const auto side = [&](int length) { return std::max(1, static_cast<int>(std::lround(length * factor))); };
    return std::make_shared<Image>(resizeImage(*picture, side(picture->width), side(picture->height)));
}

std::vector<PixelBox> windowsFor(const Image& canvas, const ModelSpec& spec, SegmentTesting::Way way) {
    const std::int64_t side = spec.imageSize, stride = std::max<std::int64_t>(side * 2 / 3, 1);
    if (way != SegmentTesting::Way::Whole)  // what fits in the window is one window
        return slidingWindows(canvas.height, canvas.width, {side, side, stride, stride});
    if (std::int64_t{canvas.height} * canvas.width > kMostWhole)
        throw Error(ErrorCode::Usage, "The picture is too large to be segmented whole.", "Let windows slide over it.");
    return {{0, 0, canvas.height, canvas.width}};
}

std::vector<SegmentView> viewsOf(const Image& given, const ModelSpec& spec, const SegmentTesting& how) {
    const auto picture = std::make_shared<const Image>(colourPicture(given));
    const TakenSides sides = takenSides(spec);
    if (how.scales.empty()) throw Error(ErrorCode::Usage, "No scale to segment at was given.", "1 is the picture's own.");
    std::vector<SegmentView> views;
    for (const double factor : how.scales) {
        if (!(factor >= 0.05 && factor <= 8))
            throw Error(ErrorCode::Usage, "A scale to segment at lies outside 0.05 to 8.", "1 is the picture's own.");
        const auto canvas = scaled(picture, how, factor);
        const auto boxes = windowsFor(*canvas, spec, how.way);
        if (how.way == SegmentTesting::Way::Whole) {
            (void)sides.padded(canvas->height), (void)sides.padded(canvas->width);  // refused before any work
        }
        for (int mirrored = 0; mirrored <= (how.flip ? 1 : 0); ++mirrored)
            views.emplace_back(canvas, mirrored == 1, boxes, sides, given.width, given.height);
    }
    return views;
}

std::uint8_t byteOf(float share) { return static_cast<std::uint8_t>(std::lround(std::clamp(share, 0.0f, 1.0f) * 255)); }

/// The two best classes and the entropy of one pixel's probabilities.
void describePixel(const float* shares, std::int64_t classes, PixelClasses& out, std::size_t pixel) {
    std::int64_t first = 0, second = -1;
    double entropy = 0;
    for (std::int64_t k = 0; k < classes; ++k) {
        if (shares[k] > 0) entropy -= shares[k] * std::log(shares[k]);
        if (k == 0) continue;
        if (shares[k] > shares[first]) {
            second = std::exchange(first, k);
        } else if (second < 0 || shares[k] > shares[second]) {
            second = k;
        }
    }
    if (second < 0) second = first;
    const double most = classes > 1 ? std::log(static_cast<double>(classes)) : 1;
    out.labels[pixel] = static_cast<std::uint8_t>(first);
    out.confidence[pixel] = byteOf(shares[first]);
    out.second[pixel] = static_cast<std::uint8_t>(second);
    out.secondConfidence[pixel] = classes > 1 ? byteOf(shares[second]) : 0;
    out.entropy[pixel] = byteOf(static_cast<float>(entropy / most));
}

void describe(const at::Tensor& shares, const Area& area, PixelClasses& out) {
    const float* row = shares.const_data_ptr<float>();
    for (std::int64_t y = area.top; y < area.bottom; ++y)
        for (std::int64_t x = area.left; x < area.right; ++x, row += shares.size(1))
            describePixel(row, shares.size(1), out, static_cast<std::size_t>(y * out.width + x));
}

template <class Use>
void eachBlock(const Area& area, const Use& use) {
    for (std::int64_t y = area.top; y < area.bottom; y += kBlock)
        for (std::int64_t x = area.left; x < area.right; x += kBlock)
            use(Area{y, x, std::min(y + kBlock, area.bottom), std::min(x + kBlock, area.right)});
}

/// Segments one picture band by band along its long side.
class Segmentation {
public:
    Segmentation(Segmenter& model, const Image& picture, const SegmentTesting& how, const DenseProgress& progress)
        : model_(model), progress_(progress), views_(viewsOf(picture, model.spec(), how)) {
        const auto pixels = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
        out_.width = picture.width;
        out_.height = picture.height;
        out_.labels.assign(pixels, kNoClass);
        for (auto* plane : {&out_.confidence, &out_.second, &out_.secondConfidence, &out_.entropy})
            plane->assign(pixels, 0);
        for (const SegmentView& view : views_)
            all_ += static_cast<int>(view.windows());
    }

    PixelClasses run() {
        tell();
        const bool wide = out_.width > out_.height;
        const std::int64_t length = wide ? out_.width : out_.height;
        for (std::int64_t from = 0; from < length; from += kBand) {
            const std::int64_t to = std::min(from + kBand, length);
            for (SegmentView& view : views_) {
                view.release(from);
                while (view.needsMore(to))
                    ask(view);
            }
            eachBlock(wide ? Area{0, from, out_.height, to} : Area{from, 0, to, out_.width}, [&](const Area& block) {
                at::Tensor sum = at::softmax(views_.front().logits(block), 1);
                for (std::size_t i = 1; i < views_.size(); ++i)
                    sum += at::softmax(views_[i].logits(block), 1);
                describe(views_.size() > 1 ? sum.div_(static_cast<double>(views_.size())) : sum, block, out_);
            });
            finished_ = to;
        }
        return std::move(out_);
    }

private:
    void ask(SegmentView& view) {
        const Area about = view.advance(model_);
        ++done_;
        // Until the last word is spoken, a tile shows what this view alone says of it.
        if (progress_ && &view == &views_.front()) preview(view, about);
        tell();
    }

    void preview(const SegmentView& view, Area about) {
        (out_.width > out_.height ? about.left : about.top) =
            std::max(out_.width > out_.height ? about.left : about.top, finished_);
        if (about.top >= about.bottom || about.left >= about.right) return;
        eachBlock(about, [&](const Area& block) { describe(at::softmax(view.logits(block), 1), block, out_); });
    }

    void tell() const {
        if (progress_ && !progress_(done_, all_, &out_))
            throw Error(ErrorCode::Cancelled, "Segmentation was stopped before its last tile.", "Start it again.");
    }

    Segmenter& model_;
    const DenseProgress& progress_;
    std::vector<SegmentView> views_;
    PixelClasses out_;
    std::int64_t finished_ = 0;
    int done_ = 0, all_ = 0;
};

}  // namespace

PixelClasses segmentPicture(Model& model, const Image& picture, const SegmentTesting& how,
                            const DenseProgress& progress) {
    const at::NoGradGuard noGrad;
    return Segmentation(segmenterOf(model), picture, how, progress).run();
}

}  // namespace vl
