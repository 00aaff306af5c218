// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/api/generate.h"

namespace vl {

/// Where the cells of a grid lie on one picture: `gap` pixels around each of them, cells enlarged `scale` times.
struct SheetLayout {
    int rows = 1, columns = 1;
    int width = 0, height = 0, channels = 1;  ///< of a cell before it is enlarged
    int scale = 1, gap = 0;
    int sheetWidth() const { return columns * width * scale + (columns + 1) * gap; }
    int sheetHeight() const { return rows * height * scale + (rows + 1) * gap; }
    bool operator==(const SheetLayout&) const = default;
};

/// A layout for these cells; `scale` 0: chosen so that a cell is easy to see and the sheet no larger than a screen.
/// Cells of several sizes are shown at the largest one. Throws Error(Usage) for no cells, cells without pixels, fewer or
/// more than rows x columns, and sheets over 64 million pixels.
SheetLayout sheetLayout(int rows, int columns, const std::vector<const Image*>& cells, int scale);
/// The cells on a dark ground, enlarged to whole pixels (nearest neighbour). Throws as above.
Image composeSheet(const SheetLayout& layout, const std::vector<const Image*>& cells);
/// The cells of such a sheet; empty when it is of another size.
std::vector<Image> cutSheet(const SheetLayout& layout, const Image& sheet);

std::vector<const Image*> pointersTo(const std::vector<Image>& images);

}  // namespace vl
