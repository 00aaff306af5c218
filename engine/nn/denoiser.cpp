// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/denoiser.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include "engine/core/error.h"

namespace vl {

at::Tensor Denoiser::forward(const at::Tensor&, const ForwardOptions&) {
    throw Error(ErrorCode::Usage,
                "Model '" + spec().name + "' generates pictures: besides latents it needs a time and a class.",
                "Use `visionllama sample`, or a classifier for this command.");
}

at::Tensor Denoiser::denoiseGuided(const at::Tensor& x, const at::Tensor& t, const at::Tensor& y, double scale,
                                   const ForwardOptions& options) {
    if (x.dim() == 0 || x.size(0) == 0 || x.size(0) % 2 != 0) {
        throw Error(ErrorCode::Mismatch, "A guided batch holds a conditional and an unconditional half of one size.",
                    "Give every latent twice: with its class, then with the null class.");
    }
    const std::int64_t half = x.size(0) / 2, guided = spec().diffusion.guidedChannels;
    const at::Tensor latents = x.narrow(0, 0, half);
    const at::Tensor out = denoise(at::cat({latents, latents}), t, y, options);
    // Q27: only the first channels are guided; the fourth and the variances stay each half's own.
    const at::Tensor conditional = out.narrow(0, 0, half).narrow(1, 0, guided);
    const at::Tensor unconditional = out.narrow(0, half, half).narrow(1, 0, guided);
    const at::Tensor steered = unconditional + scale * (conditional - unconditional);
    const at::Tensor rest = out.narrow(1, guided, out.size(1) - guided);
    return at::cat({at::cat({steered, steered}), rest}, 1);
}

}  // namespace vl
