// SPDX-License-Identifier: Apache-2.0
// GIF files through giflib; left out of builds without it.
#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <memory>

#include "engine/core/error.h"
#include "engine/data/animation.h"
#include "engine/data/animation_palette.h"

namespace vl {
namespace {

struct MapDeleter {
    void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
};
using ColourMap = std::unique_ptr<ColorMapObject, MapDeleter>;

/// The part of a picture that changed.
struct Part {
    int left = 0, top = 0, width = 0, height = 0;
};

class GifWriter {
public:
    explicit GifWriter(const std::filesystem::path& file) : name_(file.string()) {
        int error = 0;
        gif_ = EGifOpenFileName(name_.c_str(), false, &error);
        if (!gif_) throw failure();
    }
    ~GifWriter() {
        if (gif_) EGifCloseFile(gif_, nullptr);
    }
    GifWriter(const GifWriter&) = delete;
    GifWriter& operator=(const GifWriter&) = delete;

    void begin(const Animation& animation, const PaletteChooser::Palette& palette) {
        std::array<GifColorType, 256> colours{};
        int count = 2;  // a colour map holds a power of two of colours
        while (count < static_cast<int>(palette.colours.size())) count *= 2;
        for (std::size_t i = 0; i < palette.colours.size(); ++i)
            colours[i] = {palette.colours[i][0], palette.colours[i][1], palette.colours[i][2]};
        const ColourMap map(GifMakeMapObject(count, colours.data()));
        EGifSetGifVersion(gif_, true);
        check(map != nullptr && EGifPutScreenDesc(gif_, animation.width, animation.height, 8, 0, map.get()) == GIF_OK);
        const std::array<unsigned char, 3> forEver = {1, 0, 0};
        check(EGifPutExtensionLeader(gif_, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
              EGifPutExtensionBlock(gif_, 11, "NETSCAPE2.0") == GIF_OK &&
              EGifPutExtensionBlock(gif_, 3, forEver.data()) == GIF_OK && EGifPutExtensionTrailer(gif_) == GIF_OK);
    }

    void add(std::vector<std::uint8_t>& entries, int stride, const Part& part, int hundredths) {
        const GraphicsControlBlock control{DISPOSE_DO_NOT, false, hundredths, NO_TRANSPARENT_COLOR};
        std::array<GifByteType, 4> bytes{};
        EGifGCBToExtension(&control, bytes.data());
        check(EGifPutExtension(gif_, GRAPHICS_EXT_FUNC_CODE, 4, bytes.data()) == GIF_OK &&
              EGifPutImageDesc(gif_, part.left, part.top, part.width, part.height, false, nullptr) == GIF_OK);
        for (int y = part.top; y < part.top + part.height; ++y)
            check(EGifPutLine(gif_, entries.data() + static_cast<std::size_t>(y) * stride + part.left, part.width) == GIF_OK);
    }

    void end() {
        GifFileType* gif = std::exchange(gif_, nullptr);
        if (EGifCloseFile(gif, nullptr) != GIF_OK) throw failure();
    }

private:
    Error failure() const {
        return {ErrorCode::BadFile, name_ + " cannot be written.",
                "Check that the folder exists, may be written and has free space."};
    }
    void check(bool good) const {
        if (!good) throw failure();
    }

    std::string name_;
    GifFileType* gif_ = nullptr;
};

Part changedPart(const std::vector<std::uint8_t>& before, const std::vector<std::uint8_t>& now, int width, int height) {
    if (before.empty()) return {0, 0, width, height};
    int left = width, right = -1, top = height, bottom = -1;
    for (int y = 0; y < height; ++y) {
        const auto* a = before.data() + static_cast<std::size_t>(y) * width;
        const auto* b = now.data() + static_cast<std::size_t>(y) * width;
        const auto first = static_cast<int>(std::mismatch(a, a + width, b).first - a);
        if (first == width) continue;
        int last = width - 1;
        while (a[last] == b[last]) --last;
        left = std::min(left, first);
        right = std::max(right, last);
        top = std::min(top, y);
        bottom = y;
    }
    if (right < 0) return {0, 0, 1, 1};  // nothing changed; a frame has at least a pixel
    return {left, top, right - left + 1, bottom - top + 1};
}

}  // namespace

void writeGif(const std::filesystem::path& file, const Animation& animation, const AnimationProgress& progress) {
    detail::checkAnimation(animation);
    const auto count = static_cast<double>(animation.frames);
    PaletteChooser chooser;
    for (std::size_t i = 0; i < animation.frames && animation.channels == 3; ++i) {
        detail::tell(progress, 0.4 * static_cast<double>(i) / count);
        chooser.look(detail::frameOf(animation, i));
    }
    PaletteMapper mapper(chooser.choose());
    GifWriter gif(file);
    gif.begin(animation, mapper.palette());
    const int delay = std::max(1, (100 + animation.framesPerSecond / 2) / animation.framesPerSecond);
    std::vector<std::uint8_t> before;
    const double from = animation.channels == 3 ? 0.4 : 0;
    for (std::size_t i = 0; i < animation.frames; ++i) {
        detail::tell(progress, from + (1 - from) * static_cast<double>(i) / count);
        auto entries = mapper.map(detail::frameOf(animation, i));
        const bool last = i + 1 == animation.frames;
        gif.add(entries, animation.width, changedPart(before, entries, animation.width, animation.height),
                delay + (last ? static_cast<int>(100 * animation.holdLast) : 0));
        before.swap(entries);
    }
    gif.end();
    detail::tell(progress, 1);
}

}  // namespace vl
