// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/nn/pyramid_attention.h"

namespace vl {

/// The token grid of every stage for pictures of rows x cols pixels.
std::vector<TokenGrid> stageGrids(const ModelSpec& spec, std::int64_t rows, std::int64_t cols);
/// The same for a batch [B, c, H, W]. Throws Error(Mismatch) when it is no such batch or a stage's grid does not come
/// out even, or cannot be pooled (models.md 2.4, size limits).
std::vector<TokenGrid> stageGrids(const ModelSpec& spec, const at::Tensor& images);

/// Turns of one stage of Pyramid VisionLLaMA: positions of local attention count inside the window and are never
/// scaled; those of global attention follow models.md 2.4 with its quirks (Q5 to Q8).
StageTables rotaryTables(const ModelSpec& spec, int stage, const TokenGrid& grid);
/// For pyramids without rotary embedding.
StageTables tablesWithoutRotation(const ModelSpec& spec, int stage);

/// The stage of layer `layer`, counted through all stages, and its number within it.
struct StageLayer {
    int stage = 0, index = 0;
    bool local() const { return index % 2 == 0; }
};
StageLayer stageLayer(const PyramidOptions& pyramid, int layer);
int pyramidLayers(const PyramidOptions& pyramid);

AttentionGeometry pyramidGeometry(const ModelSpec& spec, int layer, const std::vector<TokenGrid>& grids);

}  // namespace vl
