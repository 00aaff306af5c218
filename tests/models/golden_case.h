// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <nlohmann/json.hpp>

#include "engine/api/model_spec.h"

namespace vl::test {

nlohmann::json loadGolden(const std::string& name);
/// Names (without .json) of the recorded cases that start with `prefix`, sorted.
std::vector<std::string> goldenNames(const std::string& prefix);
/// The preset a case was recorded with, at its image size and number of classes.
ModelSpec specOf(const nlohmann::json& recorded);
/// Compares shape, first and last values (1e-4 of absmax) and norm (1e-5) as tests/golden/README.md says.
void expectMatches(const at::Tensor& actual, const nlohmann::json& summary, const std::string& what);

}  // namespace vl::test
