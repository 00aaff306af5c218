// SPDX-License-Identifier: Apache-2.0
#include "engine/api/families.h"

namespace vl {
namespace {

std::vector<ModelSpec> presets() { return {}; }
void check(const ModelSpec&) {}
std::vector<LayerCost> costs(const ModelSpec&) { return {}; }

}  // namespace

const Family kUperNetFamily{"upernet", "UPerNet", ModelTask::Segment, presets, check, costs};

}  // namespace vl
