// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/data/dataset.h"
#include "engine/data/dense_dataset.h"

namespace vl {

/// Made-up scenes: Fashion-MNIST's garments on a ground, tinted, turned, in front of each other.

/// What of a garment must show for it to be in a scene at all: this share of it, and this many pixels.
inline constexpr double kLeastVisible = 0.3;
inline constexpr int kLeastPixels = 80;

/// Scene number `scene`; side drawn from [smallest, largest] in steps of 16. `garments`: 28 px, grey (Fashion-MNIST).
/// `labels`: 0 the ground, 1 + class the garment on top; `objects`: class, box round and mask of what shows, front first.
/// Depends on its arguments alone. Throws Error(Usage) for other pictures or sides.
DenseSample makeScene(const Dataset& garments, std::uint64_t seed, std::uint64_t scene, int smallest, int largest);

}  // namespace vl
