// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// Average precision and recall over pictures as pycocotools' COCOeval computes them: overlaps 0.5 to 0.95, recalls
/// 0 to 1 in hundredths, areas below 32^2, to 96^2 and above, at most 1, 10 and 100 objects a picture.
class DetectJudge {
public:
    explicit DetectJudge(int classes);
    ~DetectJudge();
    /// `imageId` orders pictures whose scores tie, as pycocotools sorts them. True objects without a mask are left out
    /// of the figures of masks, found ones whose score or box is no number out of all. Throws Error(Mismatch) for a
    /// class out of range.
    void add(std::int64_t imageId, const std::vector<TrueObject>& truth, const std::vector<FoundObject>& found);
    /// Masks are judged when there are true ones and the found objects, if any, have some; else their figures are -1.
    DetectScores scores() const;
    /// Mean precision over all classes at overlaps 0.5, 0.55 .. 0.95 [10]; -1 where there is nothing to count.
    std::vector<double> precisionByOverlap(bool masks) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace vl
