// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/api/types.h"

namespace vl {

/// Colour picture size x size as latent models are trained on (models.md 7.5): halved with a box filter while the short
/// side is at least twice `size`, the rest of the way by bicubic resampling, then the centre. Throws Error(BadFile) for
/// strips too long to be enlarged.
Image latentPicture(const Image& image, int size);

/// Left and right exchanged.
Image mirrored(const Image& image);

}  // namespace vl
