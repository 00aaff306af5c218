// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/api/model_spec.h"

namespace vl {

/// Gives a spec these stages; its own sizes become the last stage's, its depth the sum.
void setStages(ModelSpec& spec, std::vector<PyramidStage> stages);

/// Stages of the dense models that train on two CPU cores, about as dear each: 2.0 M parameters. Keys of the global
/// layers are pooled in the first stage alone (docs/decisions.md 29).
std::vector<PyramidStage> microStages();

}  // namespace vl
