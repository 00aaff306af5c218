// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/api/types.h"

namespace vl {

/// An inspection of a grid x grid picture. Every row is a softmax that favours one key, so that each layer and head
/// looks different.
inline std::shared_ptr<Inspection> picture(int grid, int layers, int heads, bool classLast, double alpha = 0.4) {
    auto made = std::make_shared<Inspection>();
    const int n = grid * grid + 1;
    made->modelName = "illama_micro";
    made->source = "demo checkpoint";
    made->alpha = alpha;
    made->patchSize = 2;
    made->geometry = {grid, grid, grid, grid, n, classLast ? n - 1 : 0, classLast ? 0 : 1, true};
    made->input = {grid * 2, grid * 2, 1, std::vector<std::uint8_t>(static_cast<std::size_t>(grid) * grid * 4, 90)};
    for (int l = 0; l < layers; ++l) {
        LayerAttention layer{heads, n, std::vector<float>(static_cast<std::size_t>(heads) * n * n)};
        for (int h = 0; h < heads; ++h)
            for (int i = 0; i < n; ++i) {
                float* row = layer.softmax.data() + (static_cast<std::size_t>(h) * n + i) * n;
                std::fill(row, row + n, 0.5f / static_cast<float>(n));
                row[(i + l * 3 + h * 7) % n] += 0.5f;
            }
        made->layers.push_back(std::move(layer));
    }
    made->predictions = {{8, "Bag", 0.9}, {1, "Trouser", 0.1}};
    return made;
}

}  // namespace vl
