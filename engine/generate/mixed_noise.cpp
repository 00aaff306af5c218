// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/mixed_noise.h"

#include <algorithm>
#include <cmath>

#include <ATen/TensorOperators.h>

namespace vl {
namespace {

std::vector<std::uint64_t> seedsOf(const std::vector<MixedSeed>& seeds, std::uint64_t MixedSeed::*which) {
    std::vector<std::uint64_t> chosen;
    for (const MixedSeed& seed : seeds)
        chosen.push_back(seed.*which);
    return chosen;
}

}  // namespace

MixedNoise::MixedNoise(const std::vector<MixedSeed>& seeds)
    : from_(seedsOf(seeds, &MixedSeed::from)), to_(seedsOf(seeds, &MixedSeed::to)) {
    for (const MixedSeed& seed : seeds) {
        mix_.push_back(seed.from == seed.to ? 0 : seed.mix);
        plain_ = plain_ && mix_.back() == 0;
    }
}

at::Tensor MixedNoise::start(at::IntArrayRef shape) const {
    return plain_ ? from_.start(shape) : mixed(from_.start(shape), to_.start(shape));
}

at::Tensor MixedNoise::draw(std::int64_t index, at::IntArrayRef shape) const {
    return plain_ ? from_.draw(index, shape) : mixed(from_.draw(index, shape), to_.draw(index, shape));
}

at::Tensor MixedNoise::mixed(const at::Tensor& from, const at::Tensor& to) const {
    for (std::size_t i = 0; i < mix_.size(); ++i) {
        const auto at = static_cast<std::int64_t>(i);
        if (mix_[i] != 0) from.select(0, at).copy_(onGreatCircle(from.select(0, at), to.select(0, at), mix_[i]));
    }
    return from;
}

at::Tensor onGreatCircle(const at::Tensor& from, const at::Tensor& to, double mix) {
    if (mix <= 0) return from;
    if (mix >= 1) return to;
    const at::Tensor a = from.to(at::kDouble), b = to.to(at::kDouble);
    const double lengths = std::sqrt((a * a).sum().item<double>() * (b * b).sum().item<double>());
    const double cosine = lengths > 0 ? std::clamp((a * b).sum().item<double>() / lengths, -1.0, 1.0) : 1;
    const double angle = std::acos(cosine), sine = std::sin(angle);
    // Too close, or exactly opposite: the circle has no direction.
    const bool straight = std::abs(sine) < 1e-6;
    const double first = straight ? 1 - mix : std::sin((1 - mix) * angle) / sine;
    const double second = straight ? mix : std::sin(mix * angle) / sine;
    return (first * a + second * b).to(from.scalar_type());
}

}  // namespace vl
