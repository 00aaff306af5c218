// SPDX-License-Identifier: Apache-2.0
#include "engine/models/denoiser_conditions.h"

#include <cmath>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/silu.h>

#include "engine/api/denoiser_presets.h"
#include "engine/core/error.h"
#include "engine/core/random.h"

namespace vl {
namespace {

/// "labels": keeps the draws apart from other users of the seed.
constexpr std::uint64_t kLabelStream = 0x6C6162656C73ull;

}  // namespace

at::Tensor timestepFrequencies() {
    constexpr std::int64_t half = kTimestepWidth / 2;
    return at::exp(at::arange(half, at::kFloat) * -std::log(10000.0) / static_cast<double>(half));
}

at::Tensor timestepSinusoid(const at::Tensor& t, const at::Tensor& frequencies) {
    const at::Tensor angles = t.to(at::kFloat).unsqueeze(1) * frequencies.unsqueeze(0);
    return at::cat({angles.cos(), angles.sin()}, 1);
}

TimestepEmbedder::TimestepEmbedder(ParameterList& parameters, std::int64_t dim)
    : first_(parameters, "t_embedder.mlp.0", kTimestepWidth, dim),
      second_(parameters, "t_embedder.mlp.2", dim, dim),
      frequencies_(timestepFrequencies()) {}

at::Tensor TimestepEmbedder::operator()(const at::Tensor& t) {
    if (frequencies_.device() != t.device()) frequencies_ = frequencies_.to(t.device());
    const at::Tensor waves = timestepSinusoid(t, frequencies_).to(first_.weight.scalar_type());
    return second_(at::silu(first_(waves)));
}

LabelEmbedder::LabelEmbedder(ParameterList& parameters, const ModelSpec& spec)
    : table_(parameters.add("y_embedder.embedding_table.weight", {spec.numClasses + std::int64_t{1}, spec.dim})),
      nullClass_(spec.numClasses),
      dropout_(spec.diffusion.classDropout) {}

at::Tensor LabelEmbedder::operator()(const at::Tensor& y, const ForwardOptions& options) const {
    // On an accelerator the check would wait for the device at every step.
    if (y.device().is_cpu() && y.numel() > 0) {
        const std::int64_t low = y.min().item<std::int64_t>(), high = y.max().item<std::int64_t>();
        if (low < 0 || high > nullClass_) {
            throw Error(ErrorCode::Mismatch,
                        "Class " + std::to_string(low < 0 ? low : high) + " is outside the model's 0 to " +
                            std::to_string(nullClass_) + ".",
                        "The highest number is the null class; the classes are below it.");
        }
    }
    return at::embedding(table_, options.training ? dropLabels(y, nullClass_, dropout_, options) : y);
}

at::Tensor dropLabels(const at::Tensor& y, std::int64_t nullClass, double rate, const ForwardOptions& options) {
    if (rate <= 0) return y;
    const std::int64_t batch = y.size(0);
    at::Tensor dropped = at::empty({batch}, at::kBool);
    bool* out = dropped.data_ptr<bool>();
    const RandomStream stream(options.seed, kLabelStream);
    // Step and place in the batch each own half of the counter, as in ops/drop_path.cpp.
    const std::uint64_t base =
        (static_cast<std::uint64_t>(options.step) << 32) | static_cast<std::uint64_t>(options.firstSample);
    for (std::int64_t b = 0; b < batch; ++b)
        out[b] = stream.uniform(base + static_cast<std::uint64_t>(b)) < rate;
    return y.masked_fill(dropped.to(y.device()), nullClass);
}

at::Tensor sinCosPositions(std::int64_t side, std::int64_t dim) {
    const std::int64_t quarter = dim / 4;
    at::Tensor table = at::empty({1, side * side, dim}, at::kFloat);
    float* out = table.data_ptr<float>();
    for (std::int64_t j = 0; j < quarter; ++j) {
        const double omega = std::pow(10000.0, -static_cast<double>(j) / static_cast<double>(quarter));
        for (std::int64_t n = 0; n < side * side; ++n) {
            const double column = static_cast<double>(n % side) * omega, row = static_cast<double>(n / side) * omega;
            float* token = out + n * dim;
            token[j] = static_cast<float>(std::sin(column));
            token[quarter + j] = static_cast<float>(std::cos(column));
            token[2 * quarter + j] = static_cast<float>(std::sin(row));
            token[3 * quarter + j] = static_cast<float>(std::cos(row));
        }
    }
    return table;
}

}  // namespace vl
