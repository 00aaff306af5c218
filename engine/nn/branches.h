// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"
#include "engine/nn/parameter_list.h"
#include "engine/ops/drop_path.h"

namespace vl {

/// One learned factor a channel for each of a block's two branches: gamma_1, gamma_2 [D] (models.md 1.4). Both stay
/// undefined when the model has none.
struct LayerScales {
    LayerScales(ParameterList& parameters, const std::string& prefix, std::int64_t dim, bool present);

    at::Tensor gamma1, gamma2;
};

/// The draw of one branch (0 attention, 1 feed-forward) of a layer in this pass.
DropPathKey dropPathKey(const ForwardOptions& options, int layer, int branch);

/// x + droppath(gamma * branch); gamma may be undefined.
at::Tensor addBranch(const at::Tensor& x, const at::Tensor& branch, const at::Tensor& gamma, double rate,
                     const DropPathKey& key);

/// Throws Error(Usage) unless the drop-path rate is in [0, 1).
double checkedDropPath(double rate);

}  // namespace vl
