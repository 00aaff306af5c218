// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vl {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, ignoring ASCII case.
int editDistance(std::string_view a, std::string_view b);

/// The candidate closest to `name`; empty when none is close enough to be a likely slip of the pen.
std::string_view nearestName(std::string_view name, std::span<const std::string_view> candidates);

/// "Did you mean "x"?" or, with nothing near, an empty string.
std::string didYouMean(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace vl
