// SPDX-License-Identifier: Apache-2.0
#include "engine/models/linear_probe.h"

#include "engine/nn/initialise.h"

namespace vl {

LinearProbe::LinearProbe(ParameterList& parameters, std::int64_t dim, std::int64_t classes)
    : norm(parameters, "neck.bn", dim, /*eps=*/1e-6, /*affine=*/false), head(parameters, "head.fc", dim, classes) {}

void LinearProbe::initialise(std::uint64_t seed) const {
    fillConstant(norm.runningMean, 0);
    fillConstant(norm.runningVar, 1);
    fillTruncatedNormal(head.weight, 0.01, {seed, "head.fc.weight"});
    fillConstant(head.bias, 0);
}

}  // namespace vl
