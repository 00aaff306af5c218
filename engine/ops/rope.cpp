// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/rope.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

namespace vl {

namespace {

void fillPairs(RopeTable& table) {
    table.cosinePairs = at::stack({table.cosine, table.cosine}, -1).flatten(-2);
    table.sinePairs = at::stack({-table.sine, table.sine}, -1).flatten(-2);
}

/// Every step rounds to float32 as the published code does; a float64 table would differ in the fifth digit.
float frequency(std::int64_t channel, std::int64_t dim, double theta) {
    const float exponent = static_cast<float>(channel) / static_cast<float>(dim);
    return 1.0f / std::pow(static_cast<float>(theta), exponent);
}

}  // namespace

RopeTable ropeTable1d(std::int64_t positions, std::int64_t headDim, double theta) {
    const std::int64_t pairs = headDim / 2;
    RopeTable table{at::empty({positions, pairs}, at::kFloat), at::empty({positions, pairs}, at::kFloat), {}, {}};
    float* cosine = table.cosine.data_ptr<float>();
    float* sine = table.sine.data_ptr<float>();
    for (std::int64_t i = 0; i < pairs; ++i) {
        const float turn = frequency(2 * i, headDim, theta);
        for (std::int64_t n = 0; n < positions; ++n) {
            const float angle = static_cast<float>(n) * turn;
            cosine[n * pairs + i] = std::cos(angle);
            sine[n * pairs + i] = std::sin(angle);
        }
    }
    fillPairs(table);
    return table;
}

std::vector<RopePosition> gridPositions(const RopeGrid& grid) {
    std::vector<RopePosition> positions(static_cast<std::size_t>(grid.count));
    const auto scale = static_cast<float>(grid.scale), offset = static_cast<float>(grid.offset);
    for (std::int64_t p = 0; p < grid.count; ++p) {
        positions[static_cast<std::size_t>(p)] = {
            scale * (offset + static_cast<float>(grid.step * (p % grid.width))),
            scale * (offset + static_cast<float>(grid.step * (p / grid.width)))};
    }
    return positions;
}

RopePosition classTokenPosition(const RopeGrid& grid) {
    const auto scale = static_cast<float>(grid.scale);
    return {scale * static_cast<float>(grid.width - 1), -scale};
}

RopeTable ropeTable2d(const std::vector<RopePosition>& positions, std::int64_t dim, double theta) {
    const auto count = static_cast<std::int64_t>(positions.size()), pairs = dim / 2;
    RopeTable table{at::empty({count, pairs}, at::kFloat), at::empty({count, pairs}, at::kFloat), {}, {}};
    float* cosine = table.cosine.data_ptr<float>();
    float* sine = table.sine.data_ptr<float>();
    for (std::int64_t i = 0; i < pairs; ++i) {
        const float turn = frequency(4 * (i / 2), dim, theta);
        for (std::int64_t n = 0; n < count; ++n) {
            const RopePosition& at = positions[static_cast<std::size_t>(n)];
            const float angle = (i % 2 == 0 ? at.x : at.y) * turn;
            cosine[n * pairs + i] = std::cos(angle);
            sine[n * pairs + i] = std::sin(angle);
        }
    }
    fillPairs(table);
    return table;
}

RopeTable ropeTable2dPerHead(const std::vector<RopePosition>& positions, std::int64_t dim, std::int64_t heads,
                             double theta) {
    const RopeTable whole = ropeTable2d(positions, dim, theta);
    const auto count = static_cast<std::int64_t>(positions.size());
    RopeTable table{whole.cosine.view({1, count, heads, -1}), whole.sine.view({1, count, heads, -1}), {}, {}};
    fillPairs(table);
    return table;
}

RopeTable ropeTableIdentity(std::int64_t positions, std::int64_t headDim) {
    RopeTable table{at::ones({positions, headDim / 2}), at::zeros({positions, headDim / 2}), {}, {}};
    fillPairs(table);
    return table;
}

RopeTable gatherRope(const RopeTable& table, const at::Tensor& indices) {
    const auto rows = [&](const at::Tensor& from) {
        return from.to(indices.device()).index_select(0, indices.flatten()).view({indices.size(0), indices.size(1), 1, -1});
    };
    return {rows(table.cosine), rows(table.sine), rows(table.cosinePairs), rows(table.sinePairs)};
}

bool isPlain(const RopeTable& table, std::int64_t headDim) {
    return table.cosinePairs.defined() && table.cosinePairs.dim() == 2 && table.cosinePairs.size(1) == headDim;
}

at::Tensor applyRopeReference(const at::Tensor& x, const RopeTable& table) {
    const at::ScalarType type = x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
    const bool plain = table.cosine.dim() == 2;
    const auto factors = [&](const at::Tensor& from) {  // plain: [N, 1, d/2], broadcast over samples and heads
        return plain ? from.to(x.device(), type).unsqueeze(1) : from.to(x.device(), type);
    };
    const at::Tensor cosine = factors(table.cosine), sine = factors(table.sine);
    const std::int64_t turned = 2 * cosine.size(-1), width = x.size(-1);
    const at::Tensor pairs = x.narrow(-1, 0, turned).to(type).unflatten(-1, {-1, 2});
    const at::Tensor re = pairs.select(-1, 0), im = pairs.select(-1, 1);
    const at::Tensor out =
        at::stack({re * cosine - im * sine, re * sine + im * cosine}, -1).flatten(-2).to(x.scalar_type());
    return turned == width ? out : at::cat({out, x.narrow(-1, turned, width - turned)}, -1);
}

}  // namespace vl
