// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/weight_names.h"
#include "engine/nn/model.h"

namespace vl {

/// What becomes of one of the model's tensors when weights are loaded.
enum class Fill {
    Copy,     ///< same shape
    Reshape,  ///< same elements, dimensions of one more or less
    Resize,   ///< table of positions, interpolated as the originals do (models.md 3.5)
    Trim,     ///< table of positions with one row too many in front
    Ones,     ///< not in the file; its neutral value is 1 (models.md 1.4)
    Initial,  ///< not in the file, or of no use: as the model's initialisation leaves it
    Missing,  ///< needed and not in the file, or of a shape nothing can be done with
};

struct FillRow {
    std::size_t parameter = 0;            ///< index of the model's tensor
    const NamedWeight* source = nullptr;  ///< null: the file has none
    Fill fill = Fill::Missing;
    std::string remedy;  ///< in words, empty for Copy and Missing
};

struct LoadPlan {
    std::vector<FillRow> rows;                   ///< one a tensor of the model, in its order
    std::vector<const NamedWeight*> unexpected;  ///< in the file and not in the model
    std::size_t copied = 0;                      ///< rows whose shapes fit
    bool complete() const;
    bool needsInitial() const;
};

/// Compares the model's tensors with a file's. `newHeads`: heads and the like may be missing or of another size, which
/// leaves them as initialised (fine-tuning).
LoadPlan planLoad(std::span<const Parameter> parameters, const WeightNames& weights, const ModelSpec& spec,
                  bool newHeads);

}  // namespace vl
