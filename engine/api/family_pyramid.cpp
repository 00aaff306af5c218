// SPDX-License-Identifier: Apache-2.0
#include "engine/api/families.h"

namespace vl {
namespace {

std::vector<ModelSpec> presets() { return {}; }
void check(const ModelSpec&) {}
std::vector<LayerCost> costs(const ModelSpec&) { return {}; }

}  // namespace

const Family kPyramidFamily{"visionllama_pyramid", "Pyramid VisionLLaMA", ModelTask::Classify, presets, check, costs};

}  // namespace vl
