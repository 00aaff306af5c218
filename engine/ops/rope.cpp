// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/rope.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>

namespace vl {

RopeTable ropeTable1d(std::int64_t positions, std::int64_t headDim, double theta) {
    const std::int64_t pairs = headDim / 2;
    RopeTable table{at::empty({positions, pairs}, at::kFloat), at::empty({positions, pairs}, at::kFloat), {}, {}};
    float* cosine = table.cosine.data_ptr<float>();
    float* sine = table.sine.data_ptr<float>();
    for (std::int64_t i = 0; i < pairs; ++i) {
        // Every step rounds to float32 as the published code does; a float64 table would differ in the fifth digit.
        const float exponent = static_cast<float>(2 * i) / static_cast<float>(headDim);
        const float frequency = 1.0f / std::pow(static_cast<float>(theta), exponent);
        for (std::int64_t n = 0; n < positions; ++n) {
            const float angle = static_cast<float>(n) * frequency;
            cosine[n * pairs + i] = std::cos(angle);
            sine[n * pairs + i] = std::sin(angle);
        }
    }
    table.cosinePairs = at::stack({table.cosine, table.cosine}, -1).flatten(-2);
    table.sinePairs = at::stack({-table.sine, table.sine}, -1).flatten(-2);
    return table;
}

at::Tensor applyRopeReference(const at::Tensor& x, const RopeTable& table) {
    const at::ScalarType type = x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
    const at::Tensor pairs = x.to(type).unflatten(-1, {-1, 2});
    const at::Tensor re = pairs.select(-1, 0), im = pairs.select(-1, 1);
    const at::Tensor cosine = table.cosine.to(x.device(), type).unsqueeze(1);  // [N, 1, d/2], broadcast over heads
    const at::Tensor sine = table.sine.to(x.device(), type).unsqueeze(1);
    return at::stack({re * cosine - im * sine, re * sine + im * cosine}, -1).flatten(-2).to(x.scalar_type());
}

}  // namespace vl
