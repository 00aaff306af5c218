// SPDX-License-Identifier: Apache-2.0
#include "engine/api/pyramid_costs.h"

#include <algorithm>
#include <iterator>

namespace vl {
namespace {

struct Grid {
    std::int64_t rows, cols;
    std::int64_t cells() const { return rows * cols; }
};

void checkStage(const ModelSpec& spec, const PyramidStage& stage, int index, std::int64_t cell) {
    constexpr int kLargest = 1 << 14;  // keeps products of three sizes inside 64 bits
    const std::string name = "stage " + std::to_string(index + 1) + " ";
    for (const int size : {stage.dim, stage.depth, stage.heads, stage.ffnHidden, stage.reduction})
        requireSpec(size >= 1 && size <= kLargest, spec, name + "has a size of " + std::to_string(size),
                    "Give values from 1 to " + std::to_string(kLargest) + ".");
    requireSpec(stage.dim % stage.heads == 0, spec,
                name + "has width " + std::to_string(stage.dim) + " for " + std::to_string(stage.heads) + " heads",
                "Choose a width that is a multiple of the number of heads.");
    requireSpec(spec.imageSize % (cell * stage.reduction) == 0, spec,
                name + "does not come out even at image size " + std::to_string(spec.imageSize),
                "Use an image size that is a multiple of " + std::to_string(cell * stage.reduction) + ".");
}

void append(std::vector<LayerCost>& to, std::vector<LayerCost> more) {
    std::move(more.begin(), more.end(), std::back_inserter(to));
}

LayerCost localAttention(const std::string& name, std::int64_t dim, const Grid& grid, std::int64_t window) {
    const std::int64_t down = (grid.rows + window - 1) / window, across = (grid.cols + window - 1) / window;
    const std::int64_t padded = down * across * window * window;
    LayerCost cost = cost::attention(name, dim, padded, window * window);
    cost.macs -= (padded - grid.cells()) * dim * dim;  // the projection runs after the crop
    return cost;
}

std::vector<LayerCost> pooledAttention(const std::string& name, std::int64_t dim, const Grid& grid, std::int64_t side) {
    const std::int64_t keys = grid.cells() / (side * side);
    LayerCost attention = cost::attention(name, dim, grid.cells(), keys);
    attention.macs -= 2 * (grid.cells() - keys) * dim * dim;  // keys and values of the pooled tokens only
    if (side == 1) return {attention};
    return {cost::conv(name + ".sr", dim, dim, side, keys), cost::norm(name + ".norm", dim), attention};
}

std::vector<LayerCost> block(const std::string& name, const ModelSpec& spec, const PyramidStage& stage,
                             const Grid& grid, const PyramidParts& parts, bool local) {
    const std::int64_t dim = stage.dim;
    std::vector<LayerCost> costs;
    if (spec.layerScale) costs.push_back({name + ".gamma", 2 * dim, 0});
    costs.push_back(cost::norm(name + ".norm1", dim));
    if (local) {
        costs.push_back(localAttention(name + ".attn", dim, grid, spec.pyramid.window));
    } else {
        append(costs, pooledAttention(name + ".attn", dim, grid, stage.reduction));
    }
    costs.push_back(cost::norm(name + ".norm2", dim));
    if (parts.rotary) {
        costs.push_back(cost::swiglu(name + ".mlp", dim, stage.ffnHidden, grid.cells()));
    } else {
        costs.push_back(cost::linear(name + ".mlp.fc1", dim, stage.ffnHidden, grid.cells()));
        costs.push_back(cost::linear(name + ".mlp.fc2", stage.ffnHidden, dim, grid.cells()));
    }
    return costs;
}

}  // namespace

void checkPyramid(const ModelSpec& spec) {
    const PyramidOptions& pyramid = spec.pyramid;
    requireSpec(!pyramid.stages.empty() && pyramid.stages.size() <= 8, spec,
                "it has " + std::to_string(pyramid.stages.size()) + " stages", "Published pyramids have 4.");
    requireSpec(pyramid.window >= 1 && pyramid.window <= 1024, spec,
                "windows are " + std::to_string(pyramid.window) + " tokens wide", "Published pyramids have 7.");
    requireSpec(spec.patchSize <= 4096, spec, "patches are " + std::to_string(spec.patchSize) + " pixels wide",
                "Published pyramids begin with 4.");
    std::int64_t cell = spec.patchSize;
    for (std::size_t i = 0; i < pyramid.stages.size(); ++i, cell *= 2)
        checkStage(spec, pyramid.stages[i], static_cast<int>(i), cell);
}

std::vector<LayerCost> pyramidCosts(const std::string& prefix, const ModelSpec& spec, int rows, int cols,
                                    const PyramidParts& parts) {
    std::vector<LayerCost> costs;
    std::int64_t channels = spec.inChannels, patch = spec.patchSize;
    Grid grid{rows, cols};
    for (std::size_t s = 0; s < spec.pyramid.stages.size(); ++s) {
        const PyramidStage& stage = spec.pyramid.stages[s];
        const std::string index = std::to_string(s);
        grid = {grid.rows / patch, grid.cols / patch};
        const std::string embed = prefix + "patch_embeds." + index;
        costs.push_back(cost::conv(embed + ".proj", channels, stage.dim, patch, grid.cells()));
        costs.push_back(cost::norm(embed + ".norm", stage.dim));
        for (int j = 0; j < stage.depth; ++j) {
            append(costs, block(prefix + "blocks." + index + "." + std::to_string(j), spec, stage, grid, parts,
                                /*local=*/j % 2 == 0));
            if (j == 0 && !parts.rotary)
                costs.push_back(
                    {prefix + "pos_block." + index + ".proj.0", 10 * stage.dim, 9 * stage.dim * grid.cells()});
        }
        if (parts.normList) costs.push_back(cost::norm(prefix + "norm_list." + index, stage.dim));
        channels = stage.dim;
        patch = 2;
    }
    return costs;
}

}  // namespace vl
