// SPDX-License-Identifier: Apache-2.0
#include "engine/api/families.h"
#include "engine/api/mmpretrain_costs.h"

namespace vl {
namespace {

ModelSpec preset(ModelSpec spec, const char* name, const char* note) {
    spec.name = name;
    spec.family = "mae_cls";
    spec.note = note;
    return spec;
}

std::vector<ModelSpec> presets() {
    return {
        preset(mmpretrainBase(), "vision_llama_base_patch16_mae",
               "257 M parameters, 84.0 and 84.3 % published top-1 after 800 and 1600 epochs of masked pre-training"),
        preset(mmpretrainLarge(), "vision_llama_large_patch16_mae",
               "915 M parameters, 85.5 % published top-1 after 800 epochs of masked pre-training")};
}

std::vector<LayerCost> costs(const ModelSpec& spec) {
    std::vector<LayerCost> costs =
        mmpretrainCosts("backbone.", spec, {.finalNorm = spec.finalNorm, .pooledNorm = true});
    costs.push_back(cost::linear("head.fc", spec.dim, spec.numClasses, 1));
    return costs;
}

}  // namespace

const Family kMaskedClassifierFamily{
    "mae_cls", "VisionLLaMA fine-tuned from masked pre-training", ModelTask::Classify, presets, checkMmpretrainEncoder,
    costs};

}  // namespace vl
