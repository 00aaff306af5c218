// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/api/model_spec.h"

namespace vl {

/// What sets one family of denoisers apart; their sizes are the same four (models.md 7.1).
struct DenoiserKind {
    std::string family;
    std::string prefix;     ///< of the presets' names: "DiTLLaMA_", "DiT-"
    std::string separator;  ///< between size and patch: "_", "/"
    std::string citation;
    bool llama = true;      ///< SwiGLU and 2-D rotary embedding; otherwise a GELU MLP and added positions
};

/// S, B, L and XL with patches of 2, 4 and 8 latent cells, 256 px pictures (32 x 32 latents), 1000 classes.
std::vector<ModelSpec> denoiserPresets(const DenoiserKind& kind);
/// A small pixel-space form for 32 px grey pictures of ten classes, sized for a processor.
ModelSpec microDenoiser(const DenoiserKind& kind, const std::string& name);
/// For Family::check.
void checkDenoiser(const ModelSpec& spec);
/// For Family::costs; one formula for the four families.
std::vector<LayerCost> denoiserCosts(const ModelSpec& spec);

/// Whether the family's blocks are VisionLLaMA's.
bool isLlamaDenoiser(const ModelSpec& spec);
/// Whether the family models a velocity and returns the latent's channels alone (Q28).
bool isFlowDenoiser(const ModelSpec& spec);
/// Channels the last linear map computes for every latent cell.
std::int64_t denoiserHeadChannels(const ModelSpec& spec);

/// Width of the sinusoid in front of the timestep MLP.
inline constexpr std::int64_t kTimestepWidth = 256;

}  // namespace vl
