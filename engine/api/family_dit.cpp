// SPDX-License-Identifier: Apache-2.0
#include "engine/api/denoiser_presets.h"
#include "engine/api/families.h"

namespace vl {
namespace {

constexpr const char* kPaper = "Scalable Diffusion Models with Transformers, 2023";

std::vector<ModelSpec> ditPresets() {
    return denoiserPresets({"dit", "DiT-", "/", kPaper, /*llama=*/false});
}

}  // namespace

const Family kDitFamily{"dit", "DiT", ModelTask::Generate, ditPresets, checkDenoiser, denoiserCosts};

}  // namespace vl
