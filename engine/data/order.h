// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/core/random.h"

namespace vl {

/// 0..n-1 shuffled (Fisher and Yates); depends on its arguments alone.
inline std::vector<std::int64_t> shuffledOrder(std::int64_t n, std::uint64_t seed, std::uint64_t stream) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    const RandomStream random(seed, stream);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i, i)]);
    return order;
}

}  // namespace vl
