// SPDX-License-Identifier: Apache-2.0
#include "engine/dense/region_rows.h"

#include <algorithm>
#include <cmath>

#include <ATen/TensorOperators.h>

#include "engine/core/error.h"

namespace vl {
namespace {

/// The mean over heads, or one, of the rows `queries` of one batch entry: [m] each, summed up with their soft mask.
void addRow(const float* row, std::int64_t keys, std::int64_t query, double alpha, double weight,
            std::vector<double>& sums) {
    for (std::int64_t j = 0; j < keys; ++j)
        sums[static_cast<std::size_t>(j)] += weight * row[j] * (j <= query ? 1.0 : alpha);
}

struct Axis {
    Axis(int cells, double covered, int targets) {
        for (int t = 0; t < targets; ++t) {
            const double from = covered * t / targets, to = covered * (t + 1) / targets;
            for (int c = static_cast<int>(from); c < std::min(cells, static_cast<int>(std::ceil(to))); ++c)
                parts.push_back({t, c, std::min<double>(c + 1, to) - std::max<double>(c, from)});
        }
    }
    struct Part {
        int target, cell;
        double length;
    };
    std::vector<Part> parts;
};

}  // namespace

std::vector<std::int64_t> patchesUnder(const RunMask& region, const AttentionGeometry& geometry, double across,
                                       double down) {
    const std::int64_t rows = geometry.queryRows, columns = geometry.queryCols, height = region.height;
    std::vector<char> covered(static_cast<std::size_t>(rows * columns));
    const std::int64_t all = std::int64_t{region.width} * height;
    std::int64_t at = 0;
    const auto cell = [](std::int64_t pixel, std::int64_t pixels, double cells, std::int64_t most) {
        const double place = (static_cast<double>(pixel) + 0.5) * cells / static_cast<double>(pixels);
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(place), 0, most - 1);
    };
    for (std::size_t run = 0; run < region.runs.size(); ++run) {
        const std::int64_t end = at + region.runs[run];
        if (end > all) throw Error(ErrorCode::Mismatch, "The region's runs do not fill its picture.", "Choose it again.");
        while (run % 2 == 1 && at < end) {  // one column at a time
            const std::int64_t x = at / height, last = std::min(end, (x + 1) * height) - 1;
            const std::int64_t column = cell(x, region.width, across, columns);
            for (std::int64_t r = cell(at % height, height, down, rows); r <= cell(last % height, height, down, rows); ++r)
                covered[static_cast<std::size_t>(r * columns + column)] = 1;
            at = last + 1;
        }
        at = end;
    }
    std::vector<std::int64_t> patches;
    for (std::int64_t i = 0; i < rows * columns; ++i)
        if (covered[static_cast<std::size_t>(i)]) patches.push_back(i);
    if (patches.empty()) throw Error(ErrorCode::Usage, "The region is empty.", "Choose some pixels.");
    return patches;
}

GridMap meanRows(const at::Tensor& softmax, const AttentionGeometry& geometry, const std::vector<std::int64_t>& patches,
                 int head, double alpha) {
    const at::Tensor chosen = (head < 0 ? softmax.mean(1) : softmax.select(1, head)).to(at::kFloat).contiguous();
    const float* const values = chosen.const_data_ptr<float>();
    const std::int64_t queries = chosen.size(1), keys = chosen.size(2);
    GridMap map{geometry.keyRows, geometry.keyCols, {}};
    std::vector<double> grid(static_cast<std::size_t>(map.rows) * static_cast<std::size_t>(map.columns));
    const double weight = 1 / static_cast<double>(patches.size());
    if (geometry.window > 0) {
        const std::int64_t side = geometry.window;
        for (const std::int64_t patch : patches) {
            const std::int64_t r = patch / geometry.queryCols, c = patch % geometry.queryCols;
            const std::int64_t window = r / side * geometry.windowCols + c / side;
            const float* row = values + (window * queries + r % side * side + c % side) * keys;
            for (std::int64_t j = 0; j < keys; ++j) {
                const std::int64_t y = r / side * side + j / side, x = c / side * side + j % side;
                if (y < map.rows && x < map.columns)  // windows may reach past the grid
                    grid[static_cast<std::size_t>(y * map.columns + x)] += weight * row[j];
            }
        }
    } else {
        std::vector<double> sums(static_cast<std::size_t>(keys));
        for (const std::int64_t patch : patches)
            addRow(values + (patch + geometry.firstPatchToken) * keys, keys, patch + geometry.firstPatchToken, alpha,
                   weight, sums);
        const auto first = static_cast<std::size_t>(geometry.keyStep == 1 ? geometry.firstPatchToken : 0);
        for (std::size_t i = 0; i < grid.size() && first + i < sums.size(); ++i)
            grid[i] = sums[first + i];
    }
    map.values.assign(grid.begin(), grid.end());
    return map;
}

GridMap pictureGrid(const GridMap& map, double down, double across, bool shares) {
    down = std::clamp<double>(down, 1e-3, map.rows);
    across = std::clamp<double>(across, 1e-3, map.columns);
    GridMap out{static_cast<int>(std::ceil(down - 1e-9)), static_cast<int>(std::ceil(across - 1e-9)), {}};
    std::vector<double> sums(static_cast<std::size_t>(out.rows) * static_cast<std::size_t>(out.columns));
    const Axis vertical(map.rows, down, out.rows), horizontal(map.columns, across, out.columns);
    for (const Axis::Part& y : vertical.parts)
        for (const Axis::Part& x : horizontal.parts)
            sums[static_cast<std::size_t>(y.target * out.columns + x.target)] +=
                y.length * x.length * map.values[static_cast<std::size_t>(y.cell * map.columns + x.cell)];
    double divisor = down / out.rows * across / out.columns;
    if (shares) {
        double total = 0;
        for (const double value : sums)
            total += value;
        divisor = total > 0 ? total : 1;
    }
    for (const double value : sums)
        out.values.push_back(static_cast<float>(value / divisor));
    return out;
}

}  // namespace vl
