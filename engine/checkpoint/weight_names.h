// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/io/pth_file.h"

namespace vl {

/// A tensor of a file under the name a model has for it.
struct NamedWeight {
    std::string name;
    const PthTensor* tensor = nullptr;
};

/// Names and shapes of one set of weights: all that recognition may look at.
class WeightNames {
public:
    explicit WeightNames(std::vector<NamedWeight> weights);

    const std::vector<NamedWeight>& all() const { return weights_; }
    bool has(std::string_view name) const { return find(name) != nullptr; }
    /// nullptr: there is none of that name.
    const NamedWeight* find(std::string_view name) const;
    /// Extent of one axis, 0 where the tensor or the axis is missing or does not fit an int.
    int extent(std::string_view name, std::size_t axis) const;
    /// One more than the largest number between `prefix` and a following dot: the layers of "blocks.". At most 1000: no
    /// published model is near it.
    int count(std::string_view prefix) const;
    bool anyWith(std::string_view part) const;

private:
    std::vector<NamedWeight> weights_;
    std::unordered_map<std::string_view, std::size_t> index_;
};

}  // namespace vl
