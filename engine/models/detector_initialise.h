// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/nn/model.h"

namespace vl {

/// Published initialisation of one tensor of a detector's neck or heads, told by its name and shape: proposal network
/// N(0, 0.01), scores N(0, 0.01) and deltas N(0, 0.001) of the box head, its FCs and the pyramid's convolutions Xavier
/// uniform (9.1) or, in ViTDet, normal with deviation sqrt(2 / fan_out) like all convolutions of the mask head; the
/// transposed ones of SimpleFPN keep torch's own. Norms 1 and 0, biases 0.
void initialiseDetectorTensor(const Parameter& parameter, bool layerNormed, std::uint64_t seed);

}  // namespace vl
