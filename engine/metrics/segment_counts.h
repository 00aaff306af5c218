// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// Counts pixels by truth and prediction, as mmseg's IoUMetric (models.md 8.4): pixels whose truth is kNoClass count
/// for nothing; a class absent from truth and prediction is NaN and in no mean.
class SegmentCounts {
public:
    explicit SegmentCounts(int classes);
    /// Throws Error(Mismatch) for unequal lengths or a class out of range (predictions count only where the truth
    /// does), and leaves the counts as they were.
    void add(std::span<const std::uint8_t> truth, std::span<const std::uint8_t> prediction);
    void add(const SegmentCounts& other);
    /// Means of nothing are NaN.
    SegmentScores scores() const;

private:
    int classes_;
    std::vector<std::int64_t> confusion_;
};

}  // namespace vl
