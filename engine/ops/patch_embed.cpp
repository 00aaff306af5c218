// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/patch_embed.h"

#include "engine/ops/linear.h"

namespace vl {

at::Tensor patchEmbed(const at::Tensor& images, const at::Tensor& weight, const at::Tensor& bias) {
    const std::int64_t batch = images.size(0), channels = images.size(1), patch = weight.size(2);
    const std::int64_t rows = images.size(2) / patch, cols = images.size(3) / patch;
    // [B, c, rows, P, cols, P] -> [B, rows, cols, c, P, P]: one copy, after which every patch is a row of the product.
    const at::Tensor patches = images.reshape({batch, channels, rows, patch, cols, patch})
                                   .permute({0, 2, 4, 1, 3, 5})
                                   .reshape({batch, rows * cols, channels * patch * patch});
    return vl::linear(patches, weight.flatten(1), bias);
}

}  // namespace vl
