// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/masked_autoencoder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include "engine/core/error.h"

namespace vl {

at::Tensor MaskedAutoencoder::targets(const at::Tensor& images, bool normalise) const {
    const std::int64_t side = spec().patchSize;
    if (images.dim() != 4 || images.size(2) % side != 0 || images.size(3) % side != 0) {
        throw Error(ErrorCode::Mismatch,
                    "The pictures cannot be cut into patches of " + std::to_string(side) + " pixels.",
                    "Give a batch whose sides are multiples of the patch.");
    }
    // [B, c, rows, p, columns, q] -> [B, rows, columns, p, q, c]
    const at::Tensor cut = images.unflatten(3, {-1, side}).unflatten(2, {-1, side}).permute({0, 2, 4, 3, 5, 1});
    const at::Tensor patches = cut.flatten(3).flatten(1, 2);
    if (!normalise) return patches;
    const at::Tensor variance = patches.var({-1}, /*unbiased=*/true, /*keepdim=*/true);  // divisor n - 1 (Q20)
    return (patches - patches.mean({-1}, /*keepdim=*/true)) / (variance + 1e-6).sqrt();
}

at::Tensor MaskedAutoencoder::loss(const MaskedOutput& output, const at::Tensor& targets) {
    const at::Tensor perPatch = (output.prediction - targets).square().mean(-1);
    return (perPatch * output.mask).sum() / output.mask.sum();
}

at::Tensor MaskedAutoencoder::unpatchify(const at::Tensor& patches) const {
    const std::int64_t side = spec().patchSize, grid = spec().grid();
    const at::Tensor cut = patches.unflatten(2, {side, side, spec().inChannels}).unflatten(1, {grid, grid});
    return cut.permute({0, 5, 1, 3, 2, 4}).flatten(4, 5).flatten(2, 3);
}

at::Tensor MaskedAutoencoder::forward(const at::Tensor& images, const ForwardOptions& options) {
    return unpatchify(forwardMasked(images, {}, options).prediction);
}

}  // namespace vl
