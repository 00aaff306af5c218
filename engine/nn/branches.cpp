// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/branches.h"

#include <ATen/TensorOperators.h>

#include "engine/core/error.h"
#include "engine/ops/layer_scale.h"

namespace vl {

LayerScales::LayerScales(ParameterList& parameters, const std::string& prefix, std::int64_t dim, bool present) {
    if (!present) return;
    gamma1 = parameters.add(prefix + ".gamma_1", {dim});
    gamma2 = parameters.add(prefix + ".gamma_2", {dim});
}

DropPathKey dropPathKey(const ForwardOptions& options, int layer, int branch) {
    return {options.seed, options.step, layer, branch, options.firstSample};
}

at::Tensor addBranch(const at::Tensor& x, const at::Tensor& branch, const at::Tensor& gamma, double rate,
                     const DropPathKey& key) {
    if (!gamma.defined()) return x + dropPath(branch, rate, key);
    if (rate <= 0) return x.addcmul(branch, gamma);  // one pass instead of two
    return x + dropPath(layerScale(branch, gamma), rate, key);
}

double checkedDropPath(double rate) {
    if (rate >= 0 && rate < 1) return rate;
    throw Error(ErrorCode::Usage, "Drop-path rate " + std::to_string(rate) + " is not in [0, 1).",
                "Published recipes use 0 to 0.8.");
}

}  // namespace vl
