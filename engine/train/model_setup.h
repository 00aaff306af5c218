// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "engine/api/settings.h"
#include "engine/nn/model.h"

namespace vl {

/// The model a run asks for, with `numClasses` outputs unless the settings say otherwise. Throws Error(Usage |
/// NotFound).
ModelSpec resolveSpec(const RunSettings& settings, int numClasses);

/// Built, initialised from train.seed or from model.init_from, attention kind and drop path set.
std::unique_ptr<Model> setUpModel(const RunSettings& settings, const ModelSpec& spec);

/// A model that shares the memory of the source's weights and computes as it does, with gradients, batch statistics and
/// whatever a pass leaves behind of its own: for passes at the same time on another thread.
std::unique_ptr<Model> setUpTwin(const RunSettings& settings, Model& source);

}  // namespace vl
