// SPDX-License-Identifier: Apache-2.0
#include "engine/models/sine_position_table.h"

#include <cmath>

#include <ATen/ops/zeros.h>

namespace vl {

at::Tensor sinePositionTable(std::int64_t grid, std::int64_t dim, bool classToken) {
    const std::int64_t first = classToken ? 1 : 0, quarter = dim / 4;
    at::Tensor table = at::zeros({1, grid * grid + first, dim}, at::kFloat);
    float* out = table.data_ptr<float>() + first * dim;
    for (std::int64_t p = 0; p < grid * grid; ++p, out += dim) {
        const float places[2] = {static_cast<float>(p / grid), static_cast<float>(p % grid)};
        for (std::int64_t half = 0; half < 2; ++half) {
            for (std::int64_t j = 0; j < quarter; ++j) {
                // float32 throughout, as the published table is made
                const float exponent = static_cast<float>(j) / static_cast<float>(quarter);
                const float angle = places[half] * (1.0f / std::pow(10000.0f, exponent));
                out[2 * half * quarter + j] = std::sin(angle);
                out[(2 * half + 1) * quarter + j] = std::cos(angle);
            }
        }
    }
    return table;
}

}  // namespace vl
