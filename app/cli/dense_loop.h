// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "app/cli/dense_outputs.h"

namespace vl::cli {

struct LoopResult {
    std::int64_t done = 0, failures = 0;
};

/// Calls `look` for every picture and shows how far it is. What cannot be used is reported in one line and the rest goes
/// on; Ctrl-C ends it.
LoopResult forEachPicture(DenseInputs& inputs, ProgressLine& progress,
                          const std::function<void(const DenseInput&)>& look);

/// Completes the outputs and says where they are; `answers` not null: printed instead. Returns the exit code.
/// Throws Error(Cancelled) after Ctrl-C.
int finishLoop(const LoopResult& result, DenseOutputs& outputs, const nlohmann::ordered_json& answers);

}  // namespace vl::cli
