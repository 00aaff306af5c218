// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/api/dense.h"

namespace vl {

/// A colour laid over pixels of an RGB picture; what lies outside is left out.
void blend(Image& picture, std::int64_t pixel, const Colour& colour, double opacity);
void drawBox(Image& picture, const Box& box, const Colour& colour, int thickness);
/// White on a plate of `colour`, its top left corner at (left, top), held inside the picture. Nothing in builds without
/// OpenCV's image processing.
void drawLabel(Image& picture, const std::string& text, int left, int top, const Colour& colour);

}  // namespace vl
