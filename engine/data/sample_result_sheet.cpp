// SPDX-License-Identifier: Apache-2.0
#include "engine/data/sample_result_sheet.h"

#include <algorithm>

#include "engine/core/error.h"

namespace vl {
namespace {

constexpr int kEasyToSee = 112;        ///< pixels a side, at least
constexpr int kScreen = 2400;          ///< a sheet that is enlarged by our own choice stays below
constexpr int kMostScale = 64;
constexpr std::int64_t kMostPixels = 64'000'000;
constexpr std::uint8_t kGround = 30;

bool whole(const Image& image) {
    const auto bytes = static_cast<std::size_t>(std::max(0, image.width)) * static_cast<std::size_t>(std::max(0, image.height)) *
                       static_cast<std::size_t>(std::max(0, image.channels));
    return bytes > 0 && (image.channels == 1 || image.channels == 3) && image.pixels.size() == bytes;
}

void setScale(SheetLayout& layout, int scale) {
    layout.scale = scale;
    layout.gap = layout.rows * layout.columns == 1 ? 0 : std::max(4, 2 * scale);
}

int easyScale(SheetLayout layout) {
    int scale = std::clamp((kEasyToSee + layout.width - 1) / layout.width, 1, 16);
    for (; scale > 1; --scale) {
        setScale(layout, scale);
        if (layout.sheetWidth() <= kScreen && layout.sheetHeight() <= kScreen) break;
    }
    return scale;
}

/// One cell's pixels to their place; a cell of another size than the layout's is fitted to it.
void drawCell(const SheetLayout& layout, const Image& cell, int row, int column, Image& sheet) {
    const int width = layout.width * layout.scale, height = layout.height * layout.scale;
    const int left = layout.gap + column * (width + layout.gap), top = layout.gap + row * (height + layout.gap);
    for (int y = 0; y < height; ++y) {
        const auto fromY = static_cast<std::size_t>(static_cast<std::int64_t>(y) * cell.height / height);
        const std::uint8_t* from = cell.pixels.data() + fromY * static_cast<std::size_t>(cell.width) * cell.channels;
        std::uint8_t* to = sheet.pixels.data() +
                           (static_cast<std::size_t>(top + y) * sheet.width + left) * static_cast<std::size_t>(sheet.channels);
        for (int x = 0; x < width; ++x) {
            const std::uint8_t* pixel = from + static_cast<std::int64_t>(x) * cell.width / width * cell.channels;
            for (int c = 0; c < sheet.channels; ++c) *to++ = pixel[cell.channels == 1 ? 0 : c];
        }
    }
}

}  // namespace

SheetLayout sheetLayout(int rows, int columns, const std::vector<const Image*>& cells, int scale) {
    const auto count = static_cast<std::size_t>(std::max(0, rows)) * static_cast<std::size_t>(std::max(0, columns));
    if (count == 0 || count != cells.size() ||
        !std::all_of(cells.begin(), cells.end(), [](const Image* cell) { return whole(*cell); }))
        throw Error(ErrorCode::Usage, "The cells do not form a grid of pictures.", "Generate the grid again.");
    SheetLayout layout{rows, columns, 0, 0, 1, 1, 0};
    for (const Image* cell : cells) {
        layout.width = std::max(layout.width, cell->width);
        layout.height = std::max(layout.height, cell->height);
        layout.channels = std::max(layout.channels, cell->channels);
    }
    setScale(layout, scale > 0 ? std::min(scale, kMostScale) : easyScale(layout));
    if (static_cast<std::int64_t>(layout.sheetWidth()) * layout.sheetHeight() > kMostPixels)
        throw Error(ErrorCode::Usage, "The grid would be " + std::to_string(layout.sheetWidth()) + " x " +
                    std::to_string(layout.sheetHeight()) + " pixels, more than a picture file should hold.",
                    "Choose a smaller scale or one cell.");
    return layout;
}

Image composeSheet(const SheetLayout& layout, const std::vector<const Image*>& cells) {
    sheetLayout(layout.rows, layout.columns, cells, layout.scale);  // the same conditions
    Image sheet{layout.sheetWidth(), layout.sheetHeight(), layout.channels, {}};
    sheet.pixels.assign(static_cast<std::size_t>(sheet.width) * sheet.height * sheet.channels, kGround);
    for (int row = 0; row < layout.rows; ++row)
        for (int column = 0; column < layout.columns; ++column)
            drawCell(layout, *cells[static_cast<std::size_t>(row) * layout.columns + column], row, column, sheet);
    return sheet;
}

std::vector<Image> cutSheet(const SheetLayout& layout, const Image& sheet) {
    if (sheet.width != layout.sheetWidth() || sheet.height != layout.sheetHeight() || !whole(sheet)) return {};
    std::vector<Image> cells;
    for (int row = 0; row < layout.rows; ++row) {
        for (int column = 0; column < layout.columns; ++column) {
            Image& cell = cells.emplace_back(Image{layout.width, layout.height, sheet.channels, {}});
            cell.pixels.reserve(static_cast<std::size_t>(cell.width) * cell.height * cell.channels);
            const int left = layout.gap + column * (layout.width * layout.scale + layout.gap);
            const int top = layout.gap + row * (layout.height * layout.scale + layout.gap);
            for (int y = 0; y < layout.height; ++y)
                for (int x = 0; x < layout.width; ++x) {
                    const auto at = (static_cast<std::size_t>(top + y * layout.scale) * sheet.width + left +
                                     x * layout.scale) * static_cast<std::size_t>(sheet.channels);
                    for (int c = 0; c < sheet.channels; ++c) cell.pixels.push_back(sheet.pixels[at + c]);
                }
        }
    }
    return cells;
}

std::vector<const Image*> pointersTo(const std::vector<Image>& images) {
    std::vector<const Image*> pointers;
    pointers.reserve(images.size());
    for (const Image& image : images) pointers.push_back(&image);
    return pointers;
}

}  // namespace vl
