// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace vl {

/// Where a chain's random numbers come from. Draws are numbered, not consumed: asking twice for one gives it twice, so
/// a chain that is resumed, repeated or stepped back sees the same noise.
class NoiseSource {
public:
    virtual ~NoiseSource() = default;
    /// Standard normal numbers of that shape [B, ...] for draw `index` (0-based), float32 on the CPU.
    virtual at::Tensor draw(std::int64_t index, at::IntArrayRef shape) const = 0;
};

/// Noise of one seed a sample: element j of sample i in draw k depends on (seeds[i], k, j) alone, so a picture does not
/// change with the batch it is made in.
class SeededNoise final : public NoiseSource {
public:
    explicit SeededNoise(std::vector<std::uint64_t> seeds) : seeds_(std::move(seeds)) {}
    /// The state that chains of these seeds start from.
    at::Tensor start(at::IntArrayRef shape) const;
    /// Throws Error(Mismatch) when the batch is not one sample a seed.
    at::Tensor draw(std::int64_t index, at::IntArrayRef shape) const override;

private:
    at::Tensor fill(std::uint64_t stream, at::IntArrayRef shape) const;
    std::vector<std::uint64_t> seeds_;
};

/// The seed of picture `index` of a series that was asked for with one seed.
std::uint64_t sampleSeed(std::uint64_t seed, std::uint64_t index);

/// The streams of the recorded cases: draw k is sqrt(3) u of "<name>.<k>", which has unit variance.
class RecordedNoise final : public NoiseSource {
public:
    explicit RecordedNoise(std::string name) : name_(std::move(name)) {}
    at::Tensor draw(std::int64_t index, at::IntArrayRef shape) const override;

private:
    std::string name_;
};

}  // namespace vl
