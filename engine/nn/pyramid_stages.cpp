// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/pyramid_stages.h"

#include <algorithm>
#include <string>

#include "engine/core/error.h"
#include "engine/nn/square_input.h"

namespace vl {
namespace {

/// Sides of pictures must be multiples of this.
std::int64_t sideUnit(const ModelSpec& spec) {
    std::int64_t cell = spec.patchSize, unit = 1;
    for (const PyramidStage& stage : spec.pyramid.stages) {
        unit = std::max(unit, cell * stage.reduction);
        cell *= 2;
    }
    return std::max(unit, cell / 2);
}

RopeTable table(const std::vector<RopePosition>& positions, const ModelSpec& spec, const PyramidStage& stage,
                double theta) {
    if (!spec.rope.sharedOverHeads) return ropeTable2dPerHead(positions, stage.dim, stage.heads, theta);
    const auto turned = static_cast<std::int64_t>(spec.rope.ratio * (stage.dim / stage.heads));
    return ropeTable2d(positions, turned, theta);
}

}  // namespace

std::vector<TokenGrid> stageGrids(const ModelSpec& spec, std::int64_t rows, std::int64_t cols) {
    std::vector<TokenGrid> grids;
    std::int64_t cell = spec.patchSize;
    for (std::size_t i = 0; i < spec.pyramid.stages.size(); ++i, cell *= 2)
        grids.push_back({rows / cell, cols / cell});
    return grids;
}

std::vector<TokenGrid> stageGrids(const ModelSpec& spec, const at::Tensor& images) {
    const std::int64_t unit = sideUnit(spec);
    const bool fits = images.dim() == 4 && images.size(1) == spec.inChannels && images.size(2) > 0 &&
                      images.size(3) > 0 && images.size(2) % unit == 0 && images.size(3) % unit == 0;
    if (fits) return stageGrids(spec, images.size(2), images.size(3));
    throw Error(ErrorCode::Mismatch,
                "Model '" + spec.name + "' takes batches of pictures with " + std::to_string(spec.inChannels) +
                    " channels and sides that are multiples of " + std::to_string(unit) + ", but got a tensor of " +
                    shapeText(images) + ".",
                "Resize the pictures, for example to " + std::to_string(spec.imageSize) + " x " +
                    std::to_string(spec.imageSize) + ".");
}

StageTables rotaryTables(const ModelSpec& spec, int index, const TokenGrid& grid) {
    const PyramidStage& stage = spec.pyramid.stages.at(static_cast<std::size_t>(index));
    const std::int64_t window = spec.pyramid.window, reduction = stage.reduction;
    const bool ntk = spec.rope.ntk > 0;
    // Both axes follow the height. The factor is relative to the stage, never 1 in all of them (Q7); NTK forces 1 and
    // touches the queries alone (Q8).
    const double scale = spec.rope.autoScale && !ntk ? 14.0 / static_cast<double>(grid.rows) : 1;
    const double queryTheta = ntk ? spec.ropeTheta * spec.rope.ntk : spec.ropeTheta;
    RopeGrid queries{grid.tokens(), grid.cols, 1, 0, scale};
    // Keys count columns by the full width (Q5) from an offset that is not a cell's centre (Q6).
    RopeGrid keys{grid.tokens() / (reduction * reduction), grid.cols, reduction, 1 - 1 / static_cast<double>(reduction),
                  scale};
    return {table(gridPositions({window * window, window, 1, 0, 1}), spec, stage, spec.ropeTheta),
            table(gridPositions(queries), spec, stage, queryTheta),
            table(gridPositions(keys), spec, stage, spec.ropeTheta)};
}

StageTables tablesWithoutRotation(const ModelSpec& spec, int index) {
    const PyramidStage& stage = spec.pyramid.stages.at(static_cast<std::size_t>(index));
    return {ropeTableIdentity(spec.pyramid.window * spec.pyramid.window, stage.dim / stage.heads), {}, {}};
}

StageLayer stageLayer(const PyramidOptions& pyramid, int layer) {
    StageLayer found{0, layer};
    for (const PyramidStage& stage : pyramid.stages) {
        if (found.index < stage.depth) return found;
        found.index -= stage.depth;
        ++found.stage;
    }
    throw Error(ErrorCode::Internal, "The pyramid has no layer " + std::to_string(layer) + ".");
}

int pyramidLayers(const PyramidOptions& pyramid) {
    int layers = 0;
    for (const PyramidStage& stage : pyramid.stages)
        layers += stage.depth;
    return layers;
}

AttentionGeometry pyramidGeometry(const ModelSpec& spec, int layer, const std::vector<TokenGrid>& grids) {
    const StageLayer place = stageLayer(spec.pyramid, layer);
    const auto stage = static_cast<std::size_t>(place.stage);
    const TokenGrid& grid = grids.at(stage);
    const int step = place.local() ? 1 : spec.pyramid.stages[stage].reduction;
    AttentionGeometry geometry;
    geometry.queryRows = static_cast<int>(grid.rows);
    geometry.queryCols = static_cast<int>(grid.cols);
    geometry.keyRows = geometry.queryRows / step;
    geometry.keyCols = geometry.queryCols / step;
    geometry.tokens = static_cast<int>(grid.tokens());
    geometry.keyStep = step;
    geometry.stage = place.stage;
    geometry.pixelsPerPatch = static_cast<double>(spec.patchSize) * (1 << place.stage);
    if (place.local()) {
        const WindowGrid windows{grid, spec.pyramid.window};
        geometry.window = spec.pyramid.window;
        geometry.windowRows = static_cast<int>(windows.down());
        geometry.windowCols = static_cast<int>(windows.across());
    }
    return geometry;
}

}  // namespace vl
