// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/data/scene_draws.h"

namespace vl {

/// A ground for garments to lie on: cloth, boards, tiles, dots, a gradient or clouds, in two or three muted colours.
/// Dark, or of `any` brightness. [height][width] colours. Depends on the draws alone.
std::vector<SceneColour> sceneBackground(int width, int height, bool any, SceneDraws& draws);

}  // namespace vl
