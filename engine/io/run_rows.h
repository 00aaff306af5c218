// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/types.h"

namespace vl {

/// Lines of metrics.jsonl and events.jsonl: one JSON object each, in the C locale, newline included. A number that is
/// not finite is written as null.
std::string rowText(const StepMetrics& row);   ///< {"kind":"step", ...}
std::string rowText(const EvalMetrics& row);   ///< {"kind":"eval", ...}
std::string rowText(const RunEvent& event);    ///< {"kind":"checkpoint", ...}
/// {"kind":"resume","step":s}: the run went on from step s, so rows before this line with a larger step are void.
std::string resumeRowText(std::int64_t step);

struct RunRows {
    std::vector<StepMetrics> steps;
    std::vector<EvalMetrics> evals;
    std::vector<RunEvent> events;
};

/// Adds what the lines say; lines that are torn, damaged or of a later version are passed over.
void readMetricLines(std::string_view lines, RunRows& rows);
void readEventLines(std::string_view lines, RunRows& rows);

/// The complete lines of a growing file from `offset` on, which is moved behind them; a missing file has none.
/// Starts over when the file has become shorter.
std::string readNewLines(const std::filesystem::path& file, std::uintmax_t& offset);

}  // namespace vl
