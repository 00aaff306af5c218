// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/verify/verify.h"

namespace vl::cli {

/// One row for quantities that differ in their numbers alone ("blocks.0 norm" to "blocks.11 norm"): the one furthest
/// off in terms of its tolerance, under a name with the range ("blocks.0-11 norm"). In the order of first appearance.
std::vector<Deviation> grouped(const std::vector<Deviation>& rows);

/// Aligned: quantity, worst deviation, tolerance, pass or miss, note.
std::string deviationTable(const std::vector<Deviation>& rows);

}  // namespace vl::cli
