// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/weight_names.h"

#include <algorithm>
#include <charconv>

namespace vl {

WeightNames::WeightNames(std::vector<NamedWeight> weights) : weights_(std::move(weights)) {
    for (std::size_t i = 0; i < weights_.size(); ++i)
        index_.emplace(weights_[i].name, i);
}

const NamedWeight* WeightNames::find(std::string_view name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &weights_[found->second];
}

int WeightNames::extent(std::string_view name, std::size_t axis) const {
    const auto* weight = find(name);
    if (!weight || axis >= weight->tensor->shape.size()) return 0;
    const auto size = weight->tensor->shape[axis];
    return size < 0 || size > (1 << 24) ? 0 : static_cast<int>(size);
}

int WeightNames::count(std::string_view prefix) const {
    int count = 0;
    for (const auto& weight : weights_) {
        const std::string_view name = weight.name;
        if (!name.starts_with(prefix)) continue;
        int number = -1;
        const auto* end = name.data() + name.size();
        const auto [next, error] = std::from_chars(name.data() + prefix.size(), end, number);
        if (error == std::errc() && next != end && *next == '.' && number >= 0 && number < 1000)
            count = std::max(count, number + 1);
    }
    return count;
}

bool WeightNames::anyWith(std::string_view part) const {
    return std::any_of(weights_.begin(), weights_.end(),
                       [&](const NamedWeight& weight) { return weight.name.find(part) != std::string::npos; });
}

}  // namespace vl
