// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "engine/api/model_spec.h"

namespace vl::detail {

/// The option groups of a spec ("rope", "pyramid" ...) as members of its JSON description. Groups that are as in a new
/// spec are left out, so that simple models keep a short description.
void writeSpecOptions(const ModelSpec& spec, nlohmann::json& description);

/// Reads what is there and leaves the rest as it is: files from before an option existed stay readable. Throws
/// Error(BadFile), naming `file`, for values no model can have.
void readSpecOptions(const nlohmann::json& description, ModelSpec& spec, const std::string& file);

}  // namespace vl::detail
