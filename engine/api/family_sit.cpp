// SPDX-License-Identifier: Apache-2.0
#include "engine/api/denoiser_presets.h"
#include "engine/api/families.h"

namespace vl {
namespace {

constexpr const char* kPaper = "SiT: Exploring Flow and Diffusion-based Generative Models, 2024";

std::vector<ModelSpec> sitPresets() {
    return denoiserPresets({"sit", "SiT-", "/", kPaper, /*llama=*/false});
}

}  // namespace

const Family kSitFamily{"sit", "SiT", ModelTask::Generate, sitPresets, checkDenoiser, denoiserCosts};

}  // namespace vl
