// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/diffusion/noise.h"

namespace vl {

/// Noise between two seeds; `mix` 0 is the first alone, 1 the second.
struct MixedSeed {
    std::uint64_t from = 0, to = 0;
    double mix = 0;
};

/// SeededNoise whose samples may lie between two seeds, on the great circle, which keeps them as long as normal numbers
/// are. Fresh noise on the way is mixed like the start, so that a strip changes evenly with stochastic samplers too and
/// both its ends are the seeds' own pictures.
class MixedNoise final : public NoiseSource {
public:
    explicit MixedNoise(const std::vector<MixedSeed>& seeds);
    at::Tensor start(at::IntArrayRef shape) const;
    at::Tensor draw(std::int64_t index, at::IntArrayRef shape) const override;

private:
    at::Tensor mixed(const at::Tensor& from, const at::Tensor& to) const;
    SeededNoise from_, to_;
    std::vector<double> mix_;
    bool plain_ = true;  ///< nothing is mixed
};

/// The point `mix` of the way from `from` to `to` on the great circle through both, in their shape and type.
at::Tensor onGreatCircle(const at::Tensor& from, const at::Tensor& to, double mix);

}  // namespace vl
