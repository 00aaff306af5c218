// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace vl {

/// Where a tensor stands for layer-wise learning rates (models.md 6.6): 0 for the embedding of a backbone
/// (patch_embed, pos_embed, cls_token), i + 1 for its layer i ("layers.i." or "blocks.i."), layers + 1 for everything
/// after, necks and heads included. The published rate is lr * decay^(layers + 1 - depth).
int layerDepth(std::string_view name, int layers);

}  // namespace vl
