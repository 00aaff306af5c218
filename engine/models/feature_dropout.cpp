// SPDX-License-Identifier: Apache-2.0
#include "engine/models/feature_dropout.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include "engine/core/random.h"

namespace vl {
namespace {

std::uint64_t hashOf(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325ull;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    return hash;
}

}  // namespace

at::Tensor featureDropout(const at::Tensor& x, double rate, std::string_view place, const ForwardOptions& options) {
    if (!options.training || rate == 0) return x;
    const RandomStream perStep(options.seed, hashOf(place));
    const RandomStream stream(perStep.bits(static_cast<std::uint64_t>(options.step)), hashOf(place));
    at::Tensor factors = at::empty({x.size(0), x.size(1), 1, 1}, at::kFloat);
    float* out = factors.data_ptr<float>();
    const auto kept = static_cast<float>(1 / (1 - rate));
    const std::int64_t first = options.firstSample * x.size(1);
    for (std::int64_t i = 0; i < factors.numel(); ++i)
        out[i] = stream.uniform(static_cast<std::uint64_t>(first + i)) < rate ? 0.0f : kept;
    return x * factors.to(x.options().requires_grad(false));
}

}  // namespace vl
