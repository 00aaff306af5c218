// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "engine/api/model_spec.h"
#include "engine/nn/model.h"
#include "engine/verify/verify.h"

namespace vl {

/// Sizes of an encoder from a case: "base", "large", or an object with embed_dims, num_layers, num_heads and
/// feedforward_channels. The FFN width follows from the channels (Q1).
ModelSpec mmpretrainSpec(const nlohmann::json& arch);

/// Names and shapes in order where the case lists them ("state_dict"), and the totals of "parameters" by the first part
/// of the names, or the one total. Batch statistics are listed but not counted.
void compareTensors(const nlohmann::json& recorded, std::span<const Parameter> parameters, CaseReport& report);

/// After a backward pass: "grad_l2_sum", "grad_l2_total" and "no_grad" of `recorded`, as far as present. `what` stands
/// in front of the quantities' names.
void compareGradients(const std::string& what, const nlohmann::json& recorded, std::span<const Parameter> parameters,
                      CaseReport& report);

}  // namespace vl
