// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "engine/api/model_spec.h"
#include "engine/nn/autoencoder.h"

namespace vl::test {

/// An autoencoder of cells of two pixels and random weights, made in milliseconds.
inline ModelSpec tinyAutoencoderSpec() {
    ModelSpec spec = findPreset("sd_vae_ft_ema");
    spec.name = "tiny";
    spec.autoencoder.baseChannels = 32;
    spec.autoencoder.multipliers = {1, 1};
    spec.autoencoder.blocksPerLevel = 1;
    spec.patchSize = 2;
    spec.imageSize = 16;
    return spec;
}

inline std::unique_ptr<Autoencoder> tinyAutoencoder(std::uint64_t seed = 1) {
    std::unique_ptr<Autoencoder> model(dynamic_cast<Autoencoder*>(makeModel(tinyAutoencoderSpec()).release()));
    model->initialise(seed);
    return model;
}

}  // namespace vl::test
