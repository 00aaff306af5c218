// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/nn/layers.h"

namespace vl {

/// What linear probing trains on frozen features (models.md 6.6): BatchNorm without affine, eps 1e-6, and a linear map.
/// Tensors neck.bn.* (statistics) and head.fc.*.
struct LinearProbe {
    LinearProbe(ParameterList& parameters, std::int64_t dim, std::int64_t classes);
    /// features [B, D] -> [B, D]
    at::Tensor normalised(const at::Tensor& features, bool training) const { return norm(features, training); }
    /// features [B, D] -> logits [B, classes]
    at::Tensor operator()(const at::Tensor& features, bool training) const { return head(norm(features, training)); }
    /// Statistics 0 and 1, weights normal 0.01, bias 0.
    void initialise(std::uint64_t seed) const;

    BatchNorm norm;
    Linear head;
};

}  // namespace vl
