// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/dense/dense_input.h"
#include "engine/dense/overlay_paint.h"
#include "engine/dense/predictor.h"

namespace vl {
namespace {

Colour colourOf(const ClassList& list, int label) {
    const auto index = static_cast<std::size_t>(std::max(label, 0));
    return index < list.colours.size() ? list.colours[index] : classColour(label);
}

std::string nameOf(const ClassList& list, int label) {
    const auto index = static_cast<std::size_t>(std::max(label, 0));
    return index < list.names.size() ? list.names[index] : "class " + std::to_string(label);
}

/// Grows with the picture so that lines stay visible when it is shown small.
int lineWidth(const Image& picture) { return std::clamp(std::max(picture.width, picture.height) / 600, 1, 8); }

/// Fills a mask and draws its rim: inside pixels with an outside neighbour above, below, left or right.
void paintMask(Image& picture, const RunMask& mask, const Colour& colour, double opacity) {
    if (mask.width != picture.width || mask.height != picture.height) return;
    const std::int64_t height = mask.height, all = std::int64_t{mask.width} * height;
    std::vector<char> inside(static_cast<std::size_t>(all));  // column by column, as the runs
    std::int64_t at = 0;
    for (std::size_t run = 0; run < mask.runs.size(); ++run) {
        const std::int64_t end = std::min<std::int64_t>(at + mask.runs[run], all);
        if (run % 2 == 1) std::fill(inside.begin() + at, inside.begin() + end, char{1});
        at = end;
    }
    const auto in = [&](std::int64_t x, std::int64_t y) {
        return x >= 0 && y >= 0 && x < mask.width && y < height && inside[static_cast<std::size_t>(x * height + y)] != 0;
    };
    for (std::int64_t x = 0; x < mask.width; ++x)
        for (std::int64_t y = 0; y < height; ++y) {
            if (!in(x, y)) continue;
            const bool rim = !(in(x - 1, y) && in(x + 1, y) && in(x, y - 1) && in(x, y + 1));
            blend(picture, y * mask.width + x, colour, rim ? 1 : opacity);
        }
}

}  // namespace

Image overlayOf(const Image& picture, const PixelClasses& classes, const ClassList& list, double opacity) {
    Image out = colourPicture(picture);
    const std::int64_t width = out.width, height = out.height;
    if (classes.width != width || classes.height != height ||
        classes.labels.size() != static_cast<std::size_t>(width * height))
        throw Error(ErrorCode::Mismatch, "The classes belong to a picture of another size.", "Segment it again.");
    std::vector<Colour> colours;
    for (int label = 0; label < 256; ++label)
        colours.push_back(colourOf(list, label));
    const auto at = [&](std::int64_t x, std::int64_t y) { return classes.labels[static_cast<std::size_t>(y * width + x)]; };
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x) {
            const std::uint8_t label = at(x, y);
            if (label == kNoClass) continue;
            const bool rim = (x + 1 < width && at(x + 1, y) != label) || (y + 1 < height && at(x, y + 1) != label);
            blend(out, y * width + x, colours[label], rim ? 1 : opacity);
        }
    return out;
}

Image overlayOf(const Image& picture, const std::vector<FoundObject>& objects, const ClassList& list, double threshold,
                double opacity) {
    Image out = colourPicture(picture);
    // Worse ones first, so that the best lie on top.
    std::vector<const FoundObject*> shown;
    for (const FoundObject& object : objects)
        if (object.score >= threshold) shown.push_back(&object);
    std::stable_sort(shown.begin(), shown.end(), [](auto* a, auto* b) { return a->score < b->score; });
    for (const FoundObject* object : shown)
        paintMask(out, object->mask, colourOf(list, object->label), opacity);
    for (const FoundObject* object : shown) {
        const Colour colour = colourOf(list, object->label);
        drawBox(out, object->box, colour, lineWidth(out));
        drawLabel(out, nameOf(list, object->label) + " " + formatFixed(object->score, 2),
                  static_cast<int>(std::lround(object->box[0])), static_cast<int>(std::lround(object->box[1])), colour);
    }
    return out;
}

}  // namespace vl
