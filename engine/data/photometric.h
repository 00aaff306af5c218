// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/api/types.h"
#include "engine/core/random.h"

namespace vl {

/// mmseg's photometric distortion of an RGB picture, each part with a chance of one half: brightness by -32 to 32,
/// contrast by 0.5 to 1.5 (before or after the colours), saturation by 0.5 to 1.5, hue by -18 to 17 of 180 degrees.
/// Uses draws `first` to `first` + 9.
void distortColours(Image& picture, const RandomStream& random, std::uint64_t first);

}  // namespace vl
