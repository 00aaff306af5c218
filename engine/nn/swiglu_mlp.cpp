// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/swiglu_mlp.h"

#include "engine/ops/linear.h"
#include "engine/ops/swiglu.h"

namespace vl {

SwiGluFeedForward::SwiGluFeedForward(ParameterList& parameters, const std::string& prefix, std::int64_t dim,
                                     std::int64_t width, SwiGluNaming spelling)
    : naming(spelling), hidden(width) {
    switch (naming) {
        case SwiGluNaming::Fc:
            gate = parameters.add(prefix + ".fc1.weight", {hidden, dim});
            down = parameters.add(prefix + ".fc2.weight", {dim, hidden});
            value = parameters.add(prefix + ".fc3.weight", {hidden, dim});
            break;
        case SwiGluNaming::CFc:
            gate = parameters.add(prefix + ".c_fc1.weight", {hidden, dim});
            value = parameters.add(prefix + ".c_fc2.weight", {hidden, dim});
            down = parameters.add(prefix + ".c_proj.weight", {dim, hidden});
            break;
        case SwiGluNaming::Packed:
            packed = parameters.add(prefix + ".w12.weight", {2 * hidden, dim});
            packedBias = parameters.add(prefix + ".w12.bias", {2 * hidden});
            down = parameters.add(prefix + ".w3.weight", {dim, hidden});
            downBias = parameters.add(prefix + ".w3.bias", {dim});
            break;
    }
}

at::Tensor SwiGluFeedForward::operator()(const at::Tensor& x) const {
    if (naming != SwiGluNaming::Packed) return vl::linear(swiglu(vl::linear(x, gate), vl::linear(x, value)), down);
    // Two products over the halves of the rows leave both factors contiguous, which the fused product of them needs.
    const at::Tensor a = vl::linear(x, packed.narrow(0, 0, hidden), packedBias.narrow(0, 0, hidden));
    const at::Tensor b = vl::linear(x, packed.narrow(0, hidden, hidden), packedBias.narrow(0, hidden, hidden));
    return vl::linear(swiglu(a, b), down, downBias);
}

}  // namespace vl
