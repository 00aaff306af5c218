// SPDX-License-Identifier: Apache-2.0
#include "engine/models/detector_initialise.h"

#include <cmath>

#include "engine/nn/initialise.h"

namespace vl {
namespace {

constexpr double kScoreDeviation = 0.01, kDeltaDeviation = 0.001;

/// Elements one output (or input) channel of a convolution or linear map sees.
double fan(const at::Tensor& weight, std::int64_t axis) {
    return static_cast<double>(weight.numel()) / static_cast<double>(weight.size(axis));
}

bool contains(const std::string& name, const char* part) { return name.find(part) != std::string::npos; }

}  // namespace

void initialiseDetectorTensor(const Parameter& parameter, bool layerNormed, std::uint64_t seed) {
    const std::string& name = parameter.name;
    const at::Tensor& tensor = parameter.tensor;
    const InitialDraw draw{seed, name};
    const bool transposed = contains(name, ".fpn1.") || contains(name, ".fpn2.");
    if (tensor.dim() == 1) {
        fillConstant(tensor, name.ends_with(".bias") ? 0 : 1);
    } else if (transposed) {
        fillUniform(tensor, 1 / std::sqrt(fan(tensor, 0)), draw);
    } else if (contains(name, "rpn_head.") || contains(name, ".fc_cls.")) {
        fillTruncatedNormal(tensor, kScoreDeviation, draw);
    } else if (contains(name, ".fc_reg.")) {
        fillTruncatedNormal(tensor, kDeltaDeviation, draw);
    } else if (contains(name, ".shared_fcs.") || (!layerNormed && name.starts_with("neck."))) {
        fillUniform(tensor, std::sqrt(6.0 / (fan(tensor, 0) + fan(tensor, 1))), draw);
    } else {
        fillTruncatedNormal(tensor, std::sqrt(2.0 / fan(tensor, 1)), draw);
    }
}

}  // namespace vl
