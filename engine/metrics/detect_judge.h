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
    /// `imageId` orders pictures whose scores tie, as pycocotools sorts them.
    void add(std::int64_t imageId, const std::vector<TrueObject>& truth, const std::vector<FoundObject>& found);
    DetectScores scores() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace vl
