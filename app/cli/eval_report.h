// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/api/dense.h"

namespace vl::cli {

/// What `eval` found out about a segmenter or a detector: one of the two scores is there.
struct DenseReport {
    std::string model, checkpoint, layout, path, testing;
    std::int64_t pictures = 0, leftOut = 0;
    double seconds = 0;  ///< of this start of the program
    ClassList classes;
    std::optional<SegmentScores> segment;
    std::optional<DetectScores> detect;
};

/// Average precision of one class at an overlap of 0.5: the mean of its curve; -1 where it does not occur.
double ap50(const std::vector<std::vector<double>>& curves, std::size_t index);

/// A row a class, then the totals.
std::string reportText(const DenseReport& report);
nlohmann::ordered_json reportJson(const DenseReport& report);
/// A header, a row a class and the row "all"; what does not occur is empty.
std::string reportCsv(const DenseReport& report);

}  // namespace vl::cli
