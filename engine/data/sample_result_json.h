// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/api/sample_result.h"
#include "engine/data/sample_result_sheet.h"

namespace vl {

/// recordToJson with the layout of grid.png beside it, as result.json holds it.
std::string resultToJson(const SampleRecord& record, const SheetLayout& layout);

struct StoredResult {
    SampleRecord record;
    SheetLayout layout;  ///< width 0: not said
};
/// Throws Error(BadFile) in one sentence.
StoredResult resultFromJson(std::string_view json, const std::string& source);

}  // namespace vl
