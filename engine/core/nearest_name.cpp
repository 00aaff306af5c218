// SPDX-License-Identifier: Apache-2.0
#include "engine/core/nearest_name.h"

#include <algorithm>
#include <vector>

namespace vl {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Names a person types are short; a hostile one must not cost quadratic time.
constexpr std::size_t longestName = 100;

}  // namespace

int editDistance(std::string_view a, std::string_view b) {
    a = a.substr(0, longestName);
    b = b.substr(0, longestName);
    const std::size_t width = b.size() + 1;
    std::vector<int> before(width), previous(width), current(width);
    for (std::size_t j = 0; j < width; ++j) previous[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = static_cast<int>(i);
        for (std::size_t j = 1; j < width; ++j) {
            const int replace = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + replace});
            const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
        }
        std::swap(before, previous);
        std::swap(previous, current);
    }
    return previous[b.size()];
}

std::string_view nearestName(std::string_view name, std::span<const std::string_view> candidates) {
    std::string_view best;
    int bestDistance = 0;
    for (const auto candidate : candidates) {
        const int distance = editDistance(name, candidate);
        if (best.empty() || distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    const auto allowed = std::max<std::size_t>(2, std::max(name.size(), best.size()) / 2);
    return static_cast<std::size_t>(bestDistance) <= allowed ? best : std::string_view{};
}

std::string didYouMean(std::string_view name, std::span<const std::string_view> candidates) {
    const auto near = nearestName(name, candidates);
    return near.empty() ? std::string{} : "Did you mean \"" + std::string(near) + "\"?";
}

}  // namespace vl
