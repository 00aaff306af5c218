// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/initialise.h"

#include <cmath>
#include <vector>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/erfinv.h>

#include "engine/core/random.h"

namespace vl {
namespace {

/// FNV-1a, so that a stream depends on the spelling of the name and on nothing of this program.
std::uint64_t nameHash(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325ull;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    return hash;
}

at::Tensor uniforms(std::int64_t count, double low, double high, const InitialDraw& draw) {
    at::Tensor values = at::empty({count}, at::kDouble);
    double* out = values.data_ptr<double>();
    const RandomStream stream(draw.seed, nameHash(draw.name));
    for (std::int64_t i = 0; i < count; ++i)
        out[i] = low + (high - low) * stream.uniform(static_cast<std::uint64_t>(i));
    return values;
}

}  // namespace

void fillTruncatedNormal(at::Tensor tensor, double std, const InitialDraw& draw) {
    const at::NoGradGuard noGrad;
    const double edge = std::erf(2 / (std * std::sqrt(2.0)));  // 2 Phi(2 / std) - 1
    at::Tensor values = uniforms(tensor.numel(), -edge, edge, draw).erfinv_().mul_(std * std::sqrt(2.0)).clamp_(-2, 2);
    tensor.copy_(values.view(tensor.sizes()));
}

void fillUniform(at::Tensor tensor, double bound, const InitialDraw& draw) {
    const at::NoGradGuard noGrad;
    tensor.copy_(uniforms(tensor.numel(), -bound, bound, draw).view(tensor.sizes()));
}

void fillConstant(at::Tensor tensor, double value) {
    const at::NoGradGuard noGrad;
    tensor.fill_(value);
}

void initialiseTransformerTensor(const Parameter& parameter, const ModelSpec& spec, std::uint64_t seed) {
    const InitialDraw draw{seed, parameter.name};
    if (parameter.name.find("patch_embed.") != std::string::npos) {
        const double fanIn = static_cast<double>(spec.inChannels) * spec.patchSize * spec.patchSize;
        fillUniform(parameter.tensor, 1 / std::sqrt(fanIn), draw);
    } else if (parameter.tensor.dim() > 1) {
        fillTruncatedNormal(parameter.tensor, 0.02, draw);
    } else if (parameter.name.find(".gamma_") != std::string::npos) {
        fillConstant(parameter.tensor, 1e-4);
    } else {
        fillConstant(parameter.tensor, parameter.name.ends_with(".bias") ? 0 : 1);
    }
}

}  // namespace vl
