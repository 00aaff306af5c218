// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace vl {

/// Thresholds of matching by overlap (models.md 9.1); defaults are the proposal network's.
struct AssignRule {
    double positive = 0.7;    ///< at least this overlap with some object: positive
    double negative = 0.3;    ///< less than this with every object: negative; in between: ignored
    double lowQuality = 0.3;  ///< every object also takes its best boxes (all ties) from this overlap on
};
inline constexpr AssignRule kProposalRule{0.7, 0.3, 0.3}, kRegionRule{0.5, 0.5, 0.5};

/// Match of each of n boxes.
struct Assignment {
    at::Tensor object;   ///< int64 [n]: 0-based object of a positive box, -1 negative, -2 ignored
    at::Tensor overlap;  ///< float32 [n]: the largest overlap with any object
};

/// boxes [n, 4], objects [m, 4]; without objects everything is negative. A box that several objects take as their best
/// goes to the last of them.
Assignment assignBoxes(const at::Tensor& boxes, const at::Tensor& objects, const AssignRule& rule);

/// How many boxes a loss looks at; count 0: all of them.
struct SampleRule {
    std::int64_t count = 0;
    double positiveShare = 0.5;
};

struct Sample {
    at::Tensor positive, negative;  ///< int64 indices, rising
};

/// Positives up to their share, negatives for the rest, drawn without replacement from `seed` alone.
Sample sampleBoxes(const Assignment& assignment, const SampleRule& rule, std::uint64_t seed);

/// Objects in front of the boxes matched to themselves: what the box head's training adds to its proposals.
Assignment withObjects(const Assignment& assignment, std::int64_t objects);

}  // namespace vl
