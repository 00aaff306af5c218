// SPDX-License-Identifier: Apache-2.0
#include "engine/api/denoiser_presets.h"
#include "engine/api/families.h"

namespace vl {
namespace {

constexpr const char* kPaper = "VisionLLaMA: A Unified LLaMA Backbone for Vision Tasks, 2024, generation";

std::vector<ModelSpec> sitLlamaPresets() {
    const DenoiserKind kind{"sitllama", "SiTLLaMA_", "_", kPaper, /*llama=*/true};
    auto presets = denoiserPresets(kind);
    presets.push_back(microDenoiser(kind, "sitllama_micro"));
    return presets;
}

}  // namespace

const Family kSitLlamaFamily{"sitllama", "SiT-LLaMA", ModelTask::Generate, sitLlamaPresets, checkDenoiser,
                             denoiserCosts};

}  // namespace vl
