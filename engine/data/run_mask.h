// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// Masks as runs, equal to pycocotools' in every bit (its maskApi is the definition).

/// `pixels` [height][width], any value but 0 is inside.
RunMask runMaskOf(std::span<const std::uint8_t> pixels, int width, int height);
/// [height][width], 0 or 1. Throws Error(Mismatch) when the runs do not fill the picture.
std::vector<std::uint8_t> pixelsOf(const RunMask& mask);
std::int64_t area(const RunMask& mask);
/// x, y, width, height of the smallest box round it; zeros when nothing is inside.
std::array<double, 4> boundingBox(const RunMask& mask);
/// The short text form of COCO's files. Throws Error(BadFile) for text that is no mask of that size.
std::string runMaskText(const RunMask& mask);
RunMask runMaskFromText(std::string_view text, int width, int height);
/// Polygon x0, y0, x1, y1 ... in pixels, at least three corners, filled as pycocotools' frPoly does.
RunMask runMaskOfPolygon(std::span<const double> corners, int width, int height);
RunMask runMaskOfBox(const std::array<double, 4>& xywh, int width, int height);
RunMask unite(std::span<const RunMask> masks);
/// Overlap of two masks; where `crowd` is set, over the area of `found` alone.
double overlap(const RunMask& found, const RunMask& truth, bool crowd);
/// Corner lists of the outlines of a mask, for files that store polygons.
std::vector<std::vector<double>> polygonsOf(const RunMask& mask);

}  // namespace vl
