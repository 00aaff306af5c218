// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/api/families.h"

namespace vl {

/// Throws Error(Usage) when spec.pyramid cannot form a pyramid: no stage, a width its heads do not divide, an image
/// side whose stages the reductions do not divide ...
void checkPyramid(const ModelSpec& spec);

/// A pyramid's specifics that decide what a block holds.
struct PyramidParts {
    bool rotary = true;     ///< VisionLLaMA: SwiGLU without bias; false: Twins, a GELU MLP with bias and a PEG a stage
    bool normList = false;  ///< a LayerNorm after each stage
};

/// Costs of patch embeddings, blocks and stage norms for pictures of rows x cols pixels, `prefix` in front of the
/// names. Local attention counts its padded windows.
std::vector<LayerCost> pyramidCosts(const std::string& prefix, const ModelSpec& spec, int rows, int cols,
                                    const PyramidParts& parts);

}  // namespace vl
