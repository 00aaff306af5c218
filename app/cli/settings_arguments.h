// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/settings.h"

namespace vl::cli {

/// Applies "key=value" texts. Throws Error(Usage).
void applySets(RunSettings& settings, const std::vector<std::string>& sets);

/// What --resume accepts: only train.max_steps=N. Throws Error(Usage) for anything else.
std::optional<std::int64_t> totalStepsFrom(const std::vector<std::string>& sets);

}  // namespace vl::cli
