// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"

namespace vl::test {

/// The same function at a size that runs in milliseconds: two layers (four where four feed the heads), widths of a few
/// channels, few classes; family, options and quirks stay.
ModelSpec shrunk(ModelSpec spec);

/// A side that no multiple of the windows or pooled squares fits exactly, but that the family takes.
ModelSpec oddSized(ModelSpec spec);

/// Everything that decides a model's function, so that presets which shrink to the same one are run once.
std::string functionKey(const ModelSpec& spec);

/// Shrunk presets of all families, each function once, under the name of its first preset.
std::vector<ModelSpec> shrunkPresets();

/// What a model is given: pictures and what its family needs beside them.
struct ModelInput {
    at::Tensor images;
    at::Tensor t, y;     ///< denoisers
    at::Tensor noise;    ///< masked autoencoders
    at::Tensor regions;  ///< detectors: [n, channels, 7, 7] of the box head
};
ModelInput recordedInputFor(const ModelSpec& spec, std::int64_t batch);
/// One entry of the batch.
ModelInput entry(const ModelInput& input, std::int64_t index);

struct NamedOutput {
    std::string name;
    at::Tensor value;
};
/// Everything the model can compute from the input, through its family's own interface.
std::vector<NamedOutput> run(Model& model, const ModelInput& input, const ForwardOptions& options = {});

}  // namespace vl::test
