// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "engine/cuda/host_device.h"

namespace vl::cuda {

/// One side of a region, in feature cells.
struct RoiAxis {
    float start, cell;     ///< where it begins; how long one output cell is
    std::int64_t perCell;  ///< samples in one output cell: ceil(cell), at most 4096, none for an empty or NaN side
    int cells, length;     ///< output cells; feature cells of the map
};

VL_HOST_DEVICE inline RoiAxis roiAxis(float low, float high, float scale, int cells, int length) {
    RoiAxis axis{};
    axis.start = low * scale - 0.5F;
    const float extent = high * scale - 0.5F - axis.start;
    axis.cell = extent / static_cast<float>(cells);
    const double samples = ceil(static_cast<double>(extent) / cells);
    axis.perCell = !(samples > 0) ? 0 : samples < 4096 ? static_cast<std::int64_t>(samples) : 4096;
    axis.cells = cells;
    axis.length = length;
    return axis;
}

/// The two neighbours of a sample; both weights are zero further than one cell outside the map.
struct RoiSample {
    std::int64_t low, high;
    float lowWeight, highWeight;
    VL_HOST_DEVICE float weightOf(std::int64_t position) const {
        return (low == position ? lowWeight : 0.0F) + (high == position ? highWeight : 0.0F);
    }
};

/// Sample `index` of cells * perCell.
VL_HOST_DEVICE inline RoiSample roiSample(const RoiAxis& axis, std::int64_t index) {
    const float inside =
        (static_cast<float>(index % axis.perCell) + 0.5F) * axis.cell / static_cast<float>(axis.perCell);
    float at = axis.start + static_cast<float>(index / axis.perCell) * axis.cell + inside;
    if (!(at >= -1.0F && at <= static_cast<float>(axis.length))) return {0, 0, 0.0F, 0.0F};
    at = at > 0.0F ? at : 0.0F;
    const std::int64_t last = axis.length - 1;
    std::int64_t below = static_cast<std::int64_t>(at);
    below = below < last ? below : last;
    const float above = below == last ? 0.0F : at - static_cast<float>(below);
    return {below, below == last ? last : below + 1, 1.0F - above, above};
}

/// Both sides of region [5] = image index, x1, y1, x2, y2.
struct RoiPlace {
    std::int64_t image;  ///< -1: outside the batch, the region counts as empty
    RoiAxis rows, columns;
    VL_HOST_DEVICE float share() const {
        const std::int64_t samples = rows.perCell * columns.perCell;
        return 1.0F / static_cast<float>(samples > 1 ? samples : 1);
    }
};

VL_HOST_DEVICE inline RoiPlace roiPlace(const float* region, float scale, int size, int batch, int height, int width) {
    const bool known = region[0] >= 0.0F && region[0] < static_cast<float>(batch);
    return {known ? static_cast<std::int64_t>(region[0]) : -1, roiAxis(region[2], region[4], scale, size, height),
            roiAxis(region[1], region[3], scale, size, width)};
}

/// The mean of one output cell's samples over one channel plane [height, width].
VL_HOST_DEVICE inline float roiCell(const float* plane, const RoiPlace& place, int row, int column) {
    const RoiAxis& rows = place.rows;
    const RoiAxis& columns = place.columns;
    float sum = 0.0F;
    for (std::int64_t r = row * rows.perCell; r < (row + 1) * rows.perCell; ++r) {
        const RoiSample y = roiSample(rows, r);
        if (y.lowWeight == 0.0F && y.highWeight == 0.0F) continue;  // a runaway region lies outside almost everywhere
        const float* upper = plane + y.low * columns.length;
        const float* lower = plane + y.high * columns.length;
        for (std::int64_t c = column * columns.perCell; c < (column + 1) * columns.perCell; ++c) {
            const RoiSample x = roiSample(columns, c);
            if (x.lowWeight == 0.0F && x.highWeight == 0.0F) continue;
            sum += y.lowWeight * (x.lowWeight * upper[x.low] + x.highWeight * upper[x.high]) +
                   y.highWeight * (x.lowWeight * lower[x.low] + x.highWeight * lower[x.high]);
        }
    }
    return sum * place.share();
}

struct RoiRange {
    std::int64_t first, end;
};

/// The samples that may have weight on `position`: those within one feature cell of it, with room for float32's
/// rounding of large coordinates. Samples beyond the true ones only cost time, since their weight is zero.
VL_HOST_DEVICE inline RoiRange roiRange(const RoiAxis& axis, std::int64_t position) {
    const std::int64_t count = axis.perCell * axis.cells;
    if (count == 0) return {0, 0};
    const double start = axis.start;
    const double step = static_cast<double>(axis.cell) / static_cast<double>(axis.perCell);
    const double room = 1.001 + 1e-6 * (fabs(start) + step * static_cast<double>(count));
    const double first = floor((static_cast<double>(position) - room - start) / step - 0.5);
    const double end = ceil((static_cast<double>(position) + room - start) / step - 0.5) + 1;
    const double all = static_cast<double>(count);
    return {!(first > 0)  ? 0
            : first < all ? static_cast<std::int64_t>(first)
                          : count,
            !(end < all) ? count
            : end > 0    ? static_cast<std::int64_t>(end)
                         : 0};
}

/// What feature cell (y, x) receives from one region's gradient [size, size] of one channel: the transpose of roiCell.
VL_HOST_DEVICE inline float roiGradient(const float* gradient, const RoiPlace& place, std::int64_t y, std::int64_t x) {
    const RoiRange rows = roiRange(place.rows, y);
    const RoiRange columns = roiRange(place.columns, x);
    if (rows.first >= rows.end || columns.first >= columns.end) return 0.0F;
    float sum = 0.0F;
    for (std::int64_t r = rows.first; r < rows.end; ++r) {
        const float rowWeight = roiSample(place.rows, r).weightOf(y);
        if (rowWeight == 0.0F) continue;
        const float* line = gradient + r / place.rows.perCell * place.columns.cells;
        for (std::int64_t c = columns.first; c < columns.end; ++c) {
            const float weight = roiSample(place.columns, c).weightOf(x);
            if (weight != 0.0F) sum += rowWeight * weight * line[c / place.columns.perCell];
        }
    }
    return sum * place.share();
}

}  // namespace vl::cuda
