// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "engine/api/checkpoint_report.h"

namespace vl::cli {

/// What a checkpoint is, for people: format, model, weights, differences and values; `tensors` adds the table of all
/// tensors, with statistics where they were computed.
std::string describeCheckpoint(const CheckpointReport& report, bool tensors);

/// Everything of the report for programs.
nlohmann::ordered_json toJson(const CheckpointReport& report);

/// "86.5 MB": decimal units.
std::string byteText(std::uint64_t bytes);

}  // namespace vl::cli
