// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "engine/api/model_spec.h"
#include "engine/api/types.h"

namespace vl {

/// The sides a dense model's backbone takes: any multiple of `unit`, or one square alone (fixed tables).
struct TakenSides {
    std::int64_t unit = 1;
    std::int64_t fixed = 0;               ///< 0: any multiple of unit

    /// The smallest side taken that holds `pixels`. Throws Error(Mismatch) when a fixed one cannot.
    std::int64_t padded(std::int64_t pixels) const;
};
TakenSides takenSides(const ModelSpec& spec);

/// RGB in its own size; grey is repeated. Throws Error(Usage) for what is no picture.
Image colourPicture(const Image& picture);

/// Part of a picture as dense models are trained: [1, 3, rows, columns], ImageNet's colours, zeros past the part.
/// `mirrored`: columns count from the right edge.
struct PicturePart {
    std::int64_t top = 0, left = 0, height = 0, width = 0;
    bool mirrored = false;
};
at::Tensor partOf(const Image& picture, const PicturePart& part, std::int64_t rows, std::int64_t columns);

}  // namespace vl
