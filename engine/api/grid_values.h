// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/api/generate.h"

namespace vl::detail {

/// The class of that name (case does not count) or number; "none" is the null class. Throws Error(Usage).
int classNamed(std::string_view typed, const ModelSpec& spec, const std::vector<std::string>& classNames);
/// "Boot", "class 7" or "no class".
std::string classLabel(int label, const ModelSpec& spec, const std::vector<std::string>& classNames);

/// Typed values one by one: lists are taken apart at commas and blanks, "0-9" counts whole numbers up, "0-1:5" cuts the
/// way into that many values. Class names stay whole. Throws Error(Usage) for ranges that are none or too long.
std::vector<std::string> singleValues(const std::vector<std::string>& typed, Vary vary,
                                      const std::vector<std::string>& classNames);

/// No axis is longer and no grid larger.
inline constexpr int kMostCells = 4096;

}  // namespace vl::detail
