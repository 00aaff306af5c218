// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/api/types.h"

namespace vl {

/// Bicubic resampling (a = -0.5) whose kernel widens when shrinking, so that fine patterns average out
/// instead of aliasing: what published evaluation pipelines use.
Image resizeImage(const Image& image, int width, int height);

/// Each pixel the mean of those it covers: for shrinking. At exactly half the size, of two by two.
Image resizeByBox(const Image& image, int width, int height);

/// Grey to RGB by repetition, RGB to grey by luma (0.299, 0.587, 0.114). Throws Error(Unsupported) for other counts.
Image convertChannels(const Image& image, int channels);

/// The part of width x height at (left, top); what lies outside the picture is black.
Image cropImage(const Image& image, int left, int top, int width, int height);

}  // namespace vl
