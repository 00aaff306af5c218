// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/checkpoint/recognise.h"

namespace vl {

/// An opened file, the set of weights that was taken from it, and which model they are for.
struct ChosenWeights {
    CheckpointFile file;
    std::vector<WeightTree> trees;  ///< in the order of preference
    std::size_t chosen = 0;         ///< index into trees; meaningless without any
    RecognisedWeights recognised;

    const WeightTree& tree() const { return trees[chosen]; }
};

/// The first set that is recognised, else the first. Throws Error(NotFound | BadFile).
ChosenWeights chooseWeights(const std::filesystem::path& file, const CheckpointOptions& options);

/// Formats, sets, tensors, values and the recognition; statistics are left to the caller.
CheckpointReport reportOn(const ChosenWeights& choice);

}  // namespace vl
