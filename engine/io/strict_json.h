// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace vl::detail {

/// Parses JSON from a file nobody vouches for: repeated keys, nesting below `maxDepth` and anything but one whole
/// value are refused. Throws Error(BadFile) whose message begins with `where`.
nlohmann::json parseStrictJson(std::string_view text, const std::string& where, int maxDepth = 8);

}  // namespace vl::detail
