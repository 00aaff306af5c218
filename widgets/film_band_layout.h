// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace vl {

/// Logical pixels: room for class names left of the pictures, between pictures, between frames of several samples
/// besides that, and for step numbers below.
inline constexpr int kFilmLabelWidth = 76, kFilmGap = 2, kFilmBetween = 4, kFilmAxis = 18;

/// Which frames of `count` stand in `places` columns: all where they fit, else evenly spaced ones with both ends.
std::vector<int> thinnedFrames(int count, int places);

/// Side in device pixels of pictures of `pixels`, where `high` is free for one row, `largest` is the most that looks
/// good and `wide` the most that leaves enough columns: the largest whole multiple within all three; where not even
/// one fits in height, a whole divisor of at least `smallest`, else one to one (the rows scroll then).
int filmSide(int pixels, double high, double largest, double wide, double smallest);

}  // namespace vl
