// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <ATen/core/grad_mode.h>

#include "engine/models/mmpretrain_backbone.h"
#include "engine/models/sine_position_table.h"
#include "engine/nn/initialise.h"

namespace vl {
namespace {

constexpr double kTokenDeviation = 0.02, kFeedForwardBias = 1e-6;

bool contains(const std::string& name, const char* part) { return name.find(part) != std::string::npos; }

/// Uniform by fan-in and fan-out of the tensor seen as a matrix.
void fillXavier(const Parameter& parameter, const InitialDraw& draw) {
    const std::int64_t out = parameter.tensor.size(0), in = parameter.tensor.numel() / out;
    fillUniform(parameter.tensor, std::sqrt(6.0 / static_cast<double>(in + out)), draw);
}

void fillTable(const Parameter& parameter) {
    const at::NoGradGuard noGrad;
    const std::int64_t rows = parameter.tensor.size(1);
    const auto grid = static_cast<std::int64_t>(std::sqrt(static_cast<double>(rows)));
    at::Tensor(parameter.tensor).copy_(sinePositionTable(grid, parameter.tensor.size(2), rows != grid * grid));
}

}  // namespace

void initialiseMmpretrainTensor(const Parameter& parameter, const ModelSpec& spec, std::uint64_t seed) {
    const std::string& name = parameter.name;
    const InitialDraw draw{seed, name};
    if (name.ends_with("pos_embed")) {
        fillTable(parameter);
    } else if (name.ends_with("_token")) {
        fillTruncatedNormal(parameter.tensor, kTokenDeviation, draw);
    } else if (name.ends_with("patch_embed.projection.bias")) {
        // The convolution keeps torch's own bias: uniform within 1 / sqrt(fan-in).
        const double fanIn = static_cast<double>(spec.inChannels) * spec.patchSize * spec.patchSize;
        fillUniform(parameter.tensor, 1 / std::sqrt(fanIn), draw);
    } else if (parameter.tensor.dim() > 1) {
        fillXavier(parameter, draw);
    } else if (contains(name, ".ffn.") && name.ends_with(".bias")) {
        fillTruncatedNormal(parameter.tensor, kFeedForwardBias, draw);
    } else {
        fillConstant(parameter.tensor, name.ends_with(".bias") ? 0 : 1);
    }
}

}  // namespace vl
