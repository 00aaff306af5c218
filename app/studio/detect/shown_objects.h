// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <set>
#include <vector>

#include "engine/api/object_fates.h"
#include "widgets/object_mark.h"

namespace vl {

enum class ShownSide { Found, Truth, Both };

/// What of a picture's objects is to be seen. Changing it asks the engine for nothing.
struct ObjectFilter {
    double threshold = 0.3;
    ShownSide side = ShownSide::Both;
    std::array<bool, 4> fates{true, true, true, true};  ///< by ObjectFate; only where there is truth
    std::set<int> muted;                                ///< classes
};

struct ShownObjects {
    std::vector<ObjectMark> marks;   ///< rows of the table, by falling score; what was missed comes last
    std::vector<ObjectMark> truth;   ///< dashed boxes besides
    std::array<int, 4> counts{};     ///< by ObjectFate, of all above the threshold whatever the other filters say
    int found = 0;                   ///< above the threshold
    bool judged = false;             ///< there is truth
    int wrong() const { return counts[1] + counts[2] + counts[3]; }
};

ShownObjects shownObjects(const DensePicture& picture, const ClassList& classes, const ObjectFilter& filter);
QString classNameOf(const ClassList& classes, int label);
QColor classColourOf(const ClassList& classes, int label);

}  // namespace vl
