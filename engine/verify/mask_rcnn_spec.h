// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "engine/api/model_spec.h"

namespace vl {

/// The detector of a recorded case: its backbone is a pyramid unless the case gives an encoder's "arch".
ModelSpec recordedDetectorSpec(const nlohmann::json& recorded);

}  // namespace vl
