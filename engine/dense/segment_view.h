// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/dense/dense_input.h"
#include "engine/nn/segmenter.h"
#include "engine/tasks/segment_window.h"

namespace vl {

/// One size and orientation in which a picture is segmented, by windows in the order of the picture's long side. Only
/// windows that later answers need are kept, at the heads' own resolution, so that memory follows the short side: about
/// 2.5 lines of windows, 10 MB a window of 512 px with 150 classes.
class SegmentView {
public:
    /// Rows and columns of the output picture.
    struct Area {
        std::int64_t top = 0, left = 0, bottom = 0, right = 0;
    };

    /// `boxes`: windows of `canvas`, shared with its mirror image. Output pixels are a picture of width x height.
    SegmentView(std::shared_ptr<const Image> canvas, bool mirrored, std::vector<PixelBox> boxes, const TakenSides& sides,
                std::int64_t width, std::int64_t height);

    std::size_t windows() const { return boxes_.size(); }
    /// Whether a window of output line `until` (along the long side) has not been asked yet.
    bool needsMore(std::int64_t until) const;
    /// Asks the model about the next window and returns the output pixels it is about.
    Area advance(Segmenter& model);
    /// Forgets windows that end before output line `from`.
    void release(std::int64_t from);
    /// Mean logits of the windows known so far over `area`, [pixels, classes], bilinear between the canvas's pixels.
    /// Where no window is known, zeros.
    at::Tensor logits(const Area& area) const;

private:
    struct Window {
        PixelBox box;
        at::Tensor logits;                ///< [h, w, classes]
        double rowScale = 1, columnScale = 1;  ///< heads' cells per canvas pixel
    };
    std::int64_t canvasLine(std::int64_t outputLine) const;
    at::Tensor canvasLogits(const PixelBox& part) const;
    void addWindow(const Window& window, const PixelBox& part, float* sums, float* visits) const;

    std::shared_ptr<const Image> canvas_;
    bool mirrored_, wide_;
    std::vector<PixelBox> boxes_;
    TakenSides sides_;
    std::int64_t width_, height_, classes_ = 0;
    std::size_t next_ = 0;
    std::deque<Window> held_;
};

}  // namespace vl
