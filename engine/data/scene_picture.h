// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/data/dataset.h"
#include "engine/data/dense_dataset.h"

namespace vl {

/// Made-up scenes: Fashion-MNIST's garments on a ground, tinted, turned, in front of each other.

/// Fewer pixels than this of a garment are left out.
inline constexpr int kLeastPixels = 80;

/// How hard the scenes are. The defaults are what a small model learns in minutes on two cores.
struct SceneMix {
    int fewest = 1, most = 3;              ///< garments; one that finds no room is left out
    double smallest = 0.4, largest = 0.8;  ///< side of a garment's 28 x 28 picture over the shorter side of the scene
    double turn = 15;                      ///< largest turn to either side, degrees
    double visible = 0.85;                 ///< share of a garment that must show for it to be in the scene at all
    bool anyGround = false;  ///< bright grounds and dark garments too; dark ground, bright garments else
};

/// Scene number `scene`; side drawn from [smallest, largest] in steps of 16. `garments`: 28 px, grey (Fashion-MNIST).
/// `labels`: 0 the ground, 1 + class the garment on top; `objects`: class, box round and mask of what shows, front
/// first. Depends on its arguments alone. Throws Error(Usage) for other pictures or sides, or a mix outside 1..16
/// garments, sizes 0.1..1, turns 0..180 and shares 0..1.
DenseSample makeScene(const Dataset& garments, std::uint64_t seed, std::uint64_t scene, int smallest, int largest,
                      const SceneMix& mix = {});

}  // namespace vl
