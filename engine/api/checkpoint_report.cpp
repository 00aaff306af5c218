// SPDX-License-Identifier: Apache-2.0
#include "engine/api/checkpoint_report.h"

#include <array>

namespace vl {

const char* toString(TensorRole role) {
    constexpr std::array names{"weights", "averaged weights", "training state"};
    return names[static_cast<std::size_t>(role)];
}

}  // namespace vl
