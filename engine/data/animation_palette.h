// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "engine/api/types.h"

namespace vl {

/// Chooses at most 256 colours for all pictures it is shown.
class PaletteChooser {
public:
    void look(const Image& image);
    struct Palette {
        std::vector<std::array<std::uint8_t, 3>> colours;
        bool exact = true;  ///< every colour seen is in it
    };
    /// The greys of grey pictures, the colours seen when they are few, else the means of the boxes of a median cut
    /// (Heckbert 1982) over 64 levels a channel.
    Palette choose() const;

private:
    bool colour_ = false;
    std::set<std::uint32_t> seen_;         ///< until there are too many
    std::vector<std::uint64_t> histogram_;  ///< of 64 x 64 x 64 boxes, empty before the first picture with colours
};

/// Pixels to entries of a palette.
class PaletteMapper {
public:
    explicit PaletteMapper(PaletteChooser::Palette palette);
    /// One entry a pixel. Colours that are not in the palette are dithered by their place (an 8 x 8 Bayer pattern).
    std::vector<std::uint8_t> map(const Image& image);
    const PaletteChooser::Palette& palette() const { return palette_; }

private:
    std::uint8_t nearest(int red, int green, int blue);

    PaletteChooser::Palette palette_;
    std::vector<std::int16_t> known_;  ///< nearest entry of each of 64 x 64 x 64 boxes, -1: not asked yet
};

}  // namespace vl
