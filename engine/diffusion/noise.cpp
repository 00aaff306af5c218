// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/noise.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/nn/recorded_fill.h"

namespace vl {
namespace {

void fillNormal(const RandomStream& stream, float* out, std::int64_t count) {
    for (std::int64_t i = 0; i < count; i += 2) {
        const auto [first, second] = stream.normals(static_cast<std::uint64_t>(i));
        out[i] = static_cast<float>(first);
        if (i + 1 < count) out[i + 1] = static_cast<float>(second);
    }
}

}  // namespace

at::Tensor SeededNoise::fill(std::uint64_t stream, at::IntArrayRef shape) const {
    if (shape.empty() || shape[0] != static_cast<std::int64_t>(seeds_.size()))
        throw Error(ErrorCode::Mismatch, "The batch does not hold one sample for each of the seeds.",
                    "Give as many seeds as samples.");
    at::Tensor values = at::empty(shape, at::kFloat);
    const std::int64_t each = values.numel() / std::max<std::int64_t>(shape[0], 1);
    for (std::size_t i = 0; i < seeds_.size(); ++i)
        fillNormal(RandomStream(seeds_[i], stream), values.data_ptr<float>() + static_cast<std::int64_t>(i) * each,
                   each);
    return values;
}

at::Tensor SeededNoise::start(at::IntArrayRef shape) const { return fill(0, shape); }

at::Tensor SeededNoise::draw(std::int64_t index, at::IntArrayRef shape) const {
    return fill(static_cast<std::uint64_t>(index) + 1, shape);
}

std::uint64_t sampleSeed(std::uint64_t seed, std::uint64_t index) {
    constexpr std::uint64_t kSeriesStream = 0x5EED5;
    return index == 0 ? seed : RandomStream(seed, kSeriesStream).bits(index);
}

at::Tensor RecordedNoise::draw(std::int64_t index, at::IntArrayRef shape) const {
    return recordedStream(name_ + "." + std::to_string(index), shape) * std::sqrt(3.0);
}

}  // namespace vl
