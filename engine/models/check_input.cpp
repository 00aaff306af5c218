// SPDX-License-Identifier: Apache-2.0
#include "engine/models/check_input.h"

#include <string>

#include "engine/core/error.h"

namespace vl {

void checkSquareInput(const at::Tensor& images, const ModelSpec& spec) {
    const bool fits = images.dim() == 4 && images.size(1) == spec.inChannels && images.size(2) == spec.imageSize &&
                      images.size(3) == spec.imageSize;
    if (fits) return;
    std::string shape;
    for (const std::int64_t size : images.sizes())
        shape += (shape.empty() ? "" : " x ") + std::to_string(size);
    const std::string side = std::to_string(spec.imageSize);
    throw Error(ErrorCode::Mismatch,
                "Model '" + spec.name + "' takes batches of " + std::to_string(spec.inChannels) + " x " + side + " x " +
                    side + " pictures, but got a tensor of " + shape + ".",
                "Resize the pictures, or build the model for their size.");
}

void checkDropPath(double rate) {
    if (rate >= 0 && rate < 1) return;
    throw Error(ErrorCode::Usage, "Drop-path rate " + std::to_string(rate) + " is not in [0, 1).",
                "Published recipes use 0 to 0.8.");
}

}  // namespace vl
