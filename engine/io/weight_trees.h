// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/pth_file.h"

namespace vl {

/// A part of a checkpoint that may be a model's weights.
struct WeightTree {
    std::string prefix;  ///< what to remove from the names, with its last dot: "model_ema.module."; empty: nothing
    std::size_t tensors = 0;
    std::uint64_t elements = 0;
    bool averaged = false;  ///< an exponential moving average of the weights
};

/// The parts of a checkpoint that hold weights, the one to take first at the front: under "model", "state_dict",
/// "model_ema", "ema" ..., or bare, with the prefixes that DistributedDataParallel ("module.") and torch.compile
/// ("_orig_mod.") leave. Optimiser state and its like are no weights. Empty when the file holds none.
/// `preferAveraged` puts averaged weights first where there are any.
std::vector<WeightTree> findWeights(std::span<const PthTensor> tensors, bool preferAveraged = false);

/// A top key that training scripts keep weights under: "model", "state_dict", "ema" ...
bool isWeightWrapper(std::string_view key);
/// A top key of optimiser state and its like.
bool isTrainingState(std::string_view key);

/// The tensors of one tree, with pointers into `tensors` and the names without the prefix.
struct NamedTensor {
    std::string_view name;
    const PthTensor* tensor = nullptr;
};
std::vector<NamedTensor> tensorsOf(const WeightTree& tree, std::span<const PthTensor> tensors);

}  // namespace vl
