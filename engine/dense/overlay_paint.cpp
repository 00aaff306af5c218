// SPDX-License-Identifier: Apache-2.0
#include "engine/dense/overlay_paint.h"

#include <algorithm>
#include <cmath>

#if VL_HAVE_IMGPROC
#include <opencv2/imgproc.hpp>
#endif

namespace vl {

void blend(Image& picture, std::int64_t pixel, const Colour& colour, double opacity) {
    std::uint8_t* const values = picture.pixels.data() + pixel * 3;
    for (std::size_t c = 0; c < 3; ++c)
        values[c] = static_cast<std::uint8_t>(std::lround(values[c] + (colour[c] - values[c]) * opacity));
}

void drawBox(Image& picture, const Box& box, const Colour& colour, int thickness) {
    const auto edge = [](float value, int most) {
        return std::clamp(static_cast<int>(std::lround(std::clamp(value, -1.0f, static_cast<float>(most)))), 0, most - 1);
    };
    const int left = edge(box[0], picture.width), right = edge(box[2], picture.width);
    const int top = edge(box[1], picture.height), bottom = edge(box[3], picture.height);
    for (int y = top; y <= bottom; ++y)
        for (int x = left; x <= right; ++x) {
            const int depth = std::min({y - top, bottom - y, x - left, right - x});
            if (depth < thickness)
                blend(picture, std::int64_t{y} * picture.width + x, colour, 1);
            else if (x < right - thickness)
                x = right - thickness;  // nothing to draw inside
        }
}

#if VL_HAVE_IMGPROC

void drawLabel(Image& picture, const std::string& text, int left, int top, const Colour& colour) {
    const double scale = std::clamp(std::min(picture.width, picture.height) / 900.0, 0.35, 2.0);
    const int weight = scale > 0.9 ? 2 : 1;
    int base = 0;
    const cv::Size size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, weight, &base);
    const int height = size.height + base + 2, width = size.width + 4;
    left = std::clamp(left, 0, std::max(0, picture.width - width));
    top = std::clamp(top, 0, std::max(0, picture.height - height));
    cv::Mat pixels(picture.height, picture.width, CV_8UC3, picture.pixels.data());
    cv::rectangle(pixels, {left, top, width, height}, cv::Scalar(colour[0], colour[1], colour[2]), cv::FILLED);
    const double light = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
    const cv::Scalar ink = light > 140 ? cv::Scalar(16, 16, 16) : cv::Scalar(255, 255, 255);
    cv::putText(pixels, text, {left + 2, top + size.height + 1}, cv::FONT_HERSHEY_SIMPLEX, scale, ink, weight, cv::LINE_AA);
}

#else

void drawLabel(Image&, const std::string&, int, int, const Colour&) {}

#endif

}  // namespace vl
