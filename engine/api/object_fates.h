// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// What became of an object; Confused: right place, wrong class.
enum class ObjectFate { Hit, Missed, False, Confused };

struct ObjectFates {
    std::vector<ObjectFate> found;        ///< Hit, False or Confused; of objects below the threshold False
    std::vector<ObjectFate> truth;        ///< Hit, Missed or Confused
    std::vector<int> match;               ///< of found: the true object it overlaps, -1: none
};
/// By boxes, best score first; objects of `found` below `threshold` are not there. Crowds are neither hit nor missed (Hit).
ObjectFates objectFates(const std::vector<FoundObject>& found, const std::vector<TrueObject>& truth, double threshold,
                        double overlap = 0.5);

}  // namespace vl
