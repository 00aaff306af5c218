// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace vl::cli {

/// docs/models.md: every preset with its counts, and every published figure beside what this program computes.
std::string modelDocument();

}  // namespace vl::cli
