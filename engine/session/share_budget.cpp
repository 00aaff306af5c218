// SPDX-License-Identifier: Apache-2.0
#include "engine/session/share_budget.h"

#include <algorithm>

namespace vl {

void ShareBudget::earn(double seconds) {
    // A long time without a look must not buy a long burst of them.
    const double ceiling = std::max(0.5, 2 * expected_);
    balance_ = std::min(balance_ + share_ * seconds, ceiling);
}

void ShareBudget::spend(double seconds) {
    balance_ -= seconds;
    expected_ = expected_ == 0 ? seconds : 0.7 * expected_ + 0.3 * seconds;
}

}  // namespace vl
