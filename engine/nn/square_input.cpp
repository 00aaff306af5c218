// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/square_input.h"

#include "engine/core/error.h"

namespace vl {

std::string shapeText(const at::Tensor& tensor) {
    std::string text;
    for (const std::int64_t size : tensor.sizes())
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text.empty() ? "one number" : text;
}

void checkSquareInput(const ModelSpec& spec, const at::Tensor& images) {
    const bool fits = images.dim() == 4 && images.size(1) == spec.inChannels && images.size(2) == spec.imageSize &&
                      images.size(3) == spec.imageSize;
    if (fits) return;
    const std::string side = std::to_string(spec.imageSize);
    throw Error(ErrorCode::Mismatch,
                "Model '" + spec.name + "' takes batches of " + std::to_string(spec.inChannels) + " x " + side + " x " +
                    side + " pictures, but got a tensor of " + shapeText(images) + ".",
                "Resize the pictures, or build the model for their size.");
}

}  // namespace vl
