// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vl {

/// The matching of one class in one picture, as pycocotools' COCOeval does it, for all thresholds and ranges of area.

inline constexpr std::size_t kOverlaps = 10, kAreaRanges = 4, kRecalls = 101, kMostObjects = 100;

/// `steps` numbers from `first` to `last` as numpy's linspace rounds them.
std::vector<double> evenly(double first, double last, std::size_t steps);

struct JudgedTruth {
    bool ignored = false;  ///< a crowd
    double area = 0;
};
struct JudgedObject {
    double score = 0, area = 0;
};
/// What became of an object: bit t of an entry belongs to overlap t; entries to areas all, small, medium, large.
struct JudgedFate {
    double score = 0;
    std::array<std::uint16_t, kAreaRanges> matched{}, ignored{};
};
struct JudgedPicture {
    std::int64_t imageId = 0;
    std::vector<JudgedFate> fates;                   ///< by falling score, kMostObjects at most
    std::array<std::int64_t, kAreaRanges> wanted{};  ///< true objects that count
};

/// `found` by falling score, at most kMostObjects; `overlaps` [found][truth].
JudgedPicture judgePicture(const std::vector<JudgedTruth>& truth, const std::vector<JudgedObject>& found,
                           const std::vector<double>& overlaps);

/// Precision [overlap][recall] and final recall [overlap] of one class over all pictures; empty: the class does not
/// occur.
struct ClassCurve {
    std::vector<double> precision, recall;
};
/// `pictures` in the order of their numbers; `most` objects of each count.
ClassCurve curveOf(const std::vector<JudgedPicture>& pictures, std::size_t areaRange, std::size_t most);

}  // namespace vl
