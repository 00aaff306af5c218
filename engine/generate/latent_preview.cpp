// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/latent_preview.h"

#include <algorithm>
#include <string>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"
#include "engine/generate/chain.h"
#include "engine/nn/autoencoder.h"

namespace vl {
namespace {

/// [B, C, h, w] -> [B h w, C]: one row a cell.
at::Tensor cellRows(const at::Tensor& planes) {
    return planes.permute({0, 2, 3, 1}).reshape({-1, planes.size(1)});
}

/// Where and in which type the autoencoder computes.
at::Tensor asItsWeights(Autoencoder& autoencoder, const at::Tensor& values) {
    return values.to(autoencoder.parameters()[0].tensor.options());
}

}  // namespace

const LatentProjection& stableDiffusionProjection() {
    // Fitted by hand to latents of Stable Diffusion 1.4 and used by many viewers since ("Decoding latents to RGB
    // without upscaling", discuss.huggingface.co, topic 23204, 2022).
    static const LatentProjection published{
        at::tensor({0.298, 0.207, 0.208, 0.187, 0.286, 0.173, -0.158, 0.189, 0.264, -0.184, -0.271, -0.473}, at::kFloat)
            .reshape({4, 3}),
        at::zeros({3}, at::kFloat)};
    return published;
}

at::Tensor latentPreview(const at::Tensor& latents, const LatentProjection& projection) {
    const at::NoGradGuard noGrad;
    if (latents.dim() != 4 || latents.size(1) != projection.factors.size(0))
        throw Error(ErrorCode::Mismatch,
                    "A preview is known for latents of " + std::to_string(projection.factors.size(0)) +
                        " channels, not for these.",
                    "Give an autoencoder that decodes them.");
    const at::Tensor rows = cellRows(latents.to(at::kCPU, at::kFloat)).matmul(projection.factors) + projection.bias;
    const at::Tensor pixels = rows.reshape({latents.size(0), latents.size(2), latents.size(3), 3});
    return pixelsOf(pixels.permute({0, 3, 1, 2})).contiguous();
}

at::Tensor latentPreview(const at::Tensor& latents) { return latentPreview(latents, stableDiffusionProjection()); }

LatentProjection fitLatentPreview(Autoencoder& autoencoder, const at::Tensor& pictures) {
    const at::NoGradGuard noGrad;
    if (pictures.dim() != 4 || pictures.size(1) != 3)
        throw Error(ErrorCode::Mismatch, "A colour preview needs pictures of three channels.",
                    "Fit it with RGB pictures of an RGB autoencoder.");
    const ModelSpec& spec = autoencoder.spec();
    const at::Tensor latents = autoencoder.encode(asItsWeights(autoencoder, pictures)).mean * spec.autoencoder.scale;
    const at::Tensor colours = at::avg_pool2d(pictures.to(at::kCPU, at::kDouble), {spec.patchSize, spec.patchSize});
    const at::Tensor inputs = cellRows(latents.to(at::kCPU, at::kDouble));
    const at::Tensor design = at::cat({inputs, at::ones({inputs.size(0), 1}, at::kDouble)}, 1);
    // Channels that say nothing, or the same as others, leave the normal equations singular: a whiff of ridge.
    const at::Tensor normal = design.t().matmul(design);
    const double ridge = 1e-9 * normal.diagonal().mean().item<double>() + 1e-30;
    const at::Tensor solution = at::linalg_solve(normal + ridge * at::eye(normal.size(0), at::kDouble),
                                                 design.t().matmul(cellRows(colours)))
                                    .to(at::kFloat);
    const std::int64_t channels = inputs.size(1);
    return {solution.narrow(0, 0, channels).contiguous(), solution[channels].contiguous()};
}

at::Tensor decodeLatents(Autoencoder& autoencoder, const at::Tensor& latents, std::int64_t piece,
                         const std::function<bool(double)>& progress) {
    const at::NoGradGuard noGrad;
    piece = std::max<std::int64_t>(1, piece);
    const std::int64_t count = latents.size(0);
    std::vector<at::Tensor> parts;
    for (std::int64_t begin = 0; begin < count; begin += piece) {
        const std::int64_t length = std::min(piece, count - begin);
        const at::Tensor part = asItsWeights(autoencoder, latents.narrow(0, begin, length));
        parts.push_back(pixelsOf(autoencoder.decode(part / autoencoder.spec().autoencoder.scale)).to(at::kCPU));
        const double done = static_cast<double>(begin + length) / static_cast<double>(count);
        if (progress && !progress(done)) throw Error(ErrorCode::Cancelled, "Decoding was cancelled.");
    }
    if (!parts.empty()) return at::cat(parts);
    const std::int64_t cell = autoencoder.spec().patchSize;
    return at::empty({0, autoencoder.spec().inChannels, latents.size(2) * cell, latents.size(3) * cell}, at::kByte);
}

}  // namespace vl
