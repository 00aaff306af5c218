// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/nn/parameter_list.h"

namespace vl {

/// How the published checkpoints spell the three matrices of a SwiGLU (models.md 1.2).
enum class SwiGluNaming {
    Fc,     ///< iLLaMA: fc1 (gate), fc2 (down), fc3 (value), no bias
    CFc,    ///< supervised VisionLLaMA, DiT-LLaMA, SiT-LLaMA: c_fc1 (gate), c_fc2 (value), c_proj (down), no bias
    Packed  ///< mmpretrain: w12 (gate rows, then value rows) and w3 (down), all with bias
};

/// silu(gate x) * (value x) through the down matrix.
struct SwiGluFeedForward {
    SwiGluFeedForward(ParameterList& parameters, const std::string& prefix, std::int64_t dim, std::int64_t hidden,
                      SwiGluNaming naming);
    /// x [..., dim] -> [..., dim]
    at::Tensor operator()(const at::Tensor& x) const;

    SwiGluNaming naming;
    std::int64_t hidden;
    at::Tensor gate, value;     ///< [hidden, dim]; undefined when packed
    at::Tensor packed;          ///< [2 * hidden, dim]; undefined unless packed
    at::Tensor packedBias;      ///< [2 * hidden]
    at::Tensor down, downBias;  ///< [dim, hidden]; the bias only when packed
};

}  // namespace vl
