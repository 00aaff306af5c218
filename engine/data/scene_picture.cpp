// SPDX-License-Identifier: Apache-2.0
#include "engine/data/scene_picture.h"

#include <cmath>
#include <optional>

#include "engine/core/error.h"
#include "engine/data/run_mask.h"
#include "engine/data/scene_background.h"
#include "engine/data/scene_garment.h"

namespace vl {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr int kSandal = 5, kBag = 8;
constexpr double kLeastSide = 26;  ///< pixels; smaller garments cannot be told apart
constexpr int kPlaces = 8;         ///< tried for a garment before the scene goes on without it

/// A garment and, once it has one, its place in the scene.
struct Placed {
    SceneGarment garment;
    int label;
    double size, x, y, cosine, sine;  ///< side in pixels of the 28 x 28 picture, centre, turn
    bool mirrored;
    SceneColour dark, light;
};

struct Canvas {
    int width, height;
    std::vector<SceneColour> colours;
    std::vector<std::uint8_t> taken;  ///< by a garment in front, 1 + class
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
    }
};

Placed drawGarment(const Dataset& garments, const Canvas& canvas, const SceneMix& mix, SceneDraws& draws) {
    const std::int64_t index = draws.below(garments.size());
    const int label = garments.label(index);
    const double side = std::min(canvas.width, canvas.height);
    // Sizes spread evenly over their logarithm: as many small ones as large.
    const double smallest = std::max(kLeastSide, mix.smallest * side), largest = std::max(smallest, mix.largest * side);
    const double size = smallest * std::pow(largest / smallest, draws.between(0, 1));
    const double hue = draws.between(0, 1), saturation = draws.between(0, 0.8);
    const double value = draws.between(mix.anyGround ? 0.45 : 0.65, 1);
    const double depth = draws.between(mix.anyGround ? 0.15 : 0.3, 0.5);
    const bool mirrored = draws.chance(0.5);
    return {SceneGarment(garments.image(index).pixels, label == kSandal || label == kBag),
            label,
            size,
            0,
            0,
            1,
            0,
            mirrored,
            sceneColour(hue, saturation, value * depth),
            sceneColour(hue, saturation * 0.7, value)};
}

/// Whole inside the canvas but for a turned corner: what hides a garment is another garment.
void place(Placed& placed, const Canvas& canvas, const SceneMix& mix, SceneDraws& draws) {
    const double margin = placed.size / 2;
    placed.x = draws.between(margin, canvas.width - margin);
    placed.y = draws.between(margin, canvas.height - margin);
    const double turn = mix.turn * kPi / 180, angle = draws.between(-turn, turn);
    placed.cosine = std::cos(angle);
    placed.sine = std::sin(angle);
}

/// Calls visit(x, y, point) for every place of the canvas, and outside of it, that the garment may cover.
template <typename Visit>
void eachPixel(const Placed& placed, const Visit& visit) {
    const double scale = SceneGarment::kSide / placed.size, reach = placed.size * 0.75 + 2;
    for (int y = static_cast<int>(std::floor(placed.y - reach)); y <= static_cast<int>(placed.y + reach); ++y)
        for (int x = static_cast<int>(std::floor(placed.x - reach)); x <= static_cast<int>(placed.x + reach); ++x) {
            const double dx = x + 0.5 - placed.x, dy = y + 0.5 - placed.y;
            double u = (dx * placed.cosine + dy * placed.sine) * scale;
            const double v = (dy * placed.cosine - dx * placed.sine) * scale;
            if (std::abs(u) > SceneGarment::kSide / 2 + 1 || std::abs(v) > SceneGarment::kSide / 2 + 1) continue;
            if (placed.mirrored) u = -u;
            visit(x, y,
                  placed.garment.at(static_cast<float>(u + SceneGarment::kSide / 2),
                                    static_cast<float>(v + SceneGarment::kSide / 2)));
        }
}

bool onCanvas(const Canvas& canvas, int x, int y) { return x >= 0 && y >= 0 && x < canvas.width && y < canvas.height; }

/// The garment's pixels that nothing in front covers; nothing when too few of them show.
std::optional<std::vector<std::uint8_t>> visiblePart(const Placed& placed, const Canvas& canvas, double share) {
    std::vector<std::uint8_t> mask(canvas.taken.size());
    int whole = 0, visible = 0;
    eachPixel(placed, [&](int x, int y, SceneGarment::Point point) {
        if (point.inside < 0.5f) return;
        ++whole;
        if (!onCanvas(canvas, x, y) || canvas.taken[canvas.index(x, y)] != 0) return;
        ++visible;
        mask[canvas.index(x, y)] = 1;
    });
    if (visible < kLeastPixels || visible < share * whole) return std::nullopt;
    return mask;
}

TrueObject objectOf(const std::vector<std::uint8_t>& mask, int label, const Canvas& canvas) {
    TrueObject object;
    object.label = label;
    object.mask = runMaskOf(mask, canvas.width, canvas.height);
    object.area = static_cast<double>(area(object.mask));
    const auto [x, y, width, height] = boundingBox(object.mask);
    object.box = {static_cast<float>(x), static_cast<float>(y), static_cast<float>(x + width),
                  static_cast<float>(y + height)};
    return object;
}

/// Over what lies behind; the outline is one pixel wide whatever the garment's size.
void paint(const Placed& placed, Canvas& canvas) {
    const auto sharpness = static_cast<float>(placed.size / SceneGarment::kSide);
    eachPixel(placed, [&](int x, int y, SceneGarment::Point point) {
        if (!onCanvas(canvas, x, y)) return;
        const float cover = std::clamp((point.inside - 0.5f) * sharpness + 0.5f, 0.0f, 1.0f);
        SceneColour& colour = canvas.colours[canvas.index(x, y)];
        for (std::size_t part = 0; part < 3; ++part) {
            const float own = placed.dark[part] + (placed.light[part] - placed.dark[part]) * point.shade;
            colour[part] += (own - colour[part]) * cover;
        }
    });
}

Image pictureOf(const Canvas& canvas) {
    Image picture{canvas.width, canvas.height, 3, {}};
    picture.pixels.reserve(canvas.colours.size() * 3);
    for (const SceneColour& colour : canvas.colours)
        for (const float part : colour)
            picture.pixels.push_back(static_cast<std::uint8_t>(std::clamp(part, 0.0f, 1.0f) * 255 + 0.5f));
    return picture;
}

int drawnSide(int smallest, int largest, SceneDraws& draws) {
    return std::min(largest, smallest + 16 * static_cast<int>(draws.below((largest - smallest) / 16 + 1)));
}

void checkMix(const SceneMix& mix) {
    const auto within = [](double low, double high, double from, double to) {
        return low >= from && high >= low && high <= to;
    };
    if (!within(mix.fewest, mix.most, 1, 16))
        throw Error(ErrorCode::Usage, "Scenes have 1 to 16 garments.", "Give --count 3, or a range such as 1..3.");
    if (!within(mix.smallest, mix.largest, 0.1, 1))
        throw Error(ErrorCode::Usage, "Garments take 0.1 to 1 of a scene's side.",
                    "Give a range such as --size 0.4..0.8.");
    if (!within(0, mix.turn, 0, 180) || !within(0, mix.visible, 0, 1))
        throw Error(ErrorCode::Usage, "Garments turn by 0 to 180 degrees, and 0 to 1 of each must show.",
                    "Give --turn 15 and --visible 0.85, for example.");
}

}  // namespace

DenseSample makeScene(const Dataset& garments, std::uint64_t seed, std::uint64_t scene, int smallest, int largest,
                      const SceneMix& mix) {
    if (garments.imageSize() != SceneGarment::kSide || garments.channels() != 1 || garments.size() < 1)
        throw Error(ErrorCode::Usage, "Scenes are made of grey pictures of 28 pixels.", "Use Fashion-MNIST.");
    if (smallest < 64 || largest < smallest || largest > 2048)
        throw Error(ErrorCode::Usage, "Scenes have sides of 64 to 2,048 pixels.",
                    "Give --side 128, or a range such as 128..512.");
    checkMix(mix);
    SceneDraws draws(seed, scene);
    Canvas canvas{drawnSide(smallest, largest, draws), drawnSide(smallest, largest, draws), {}, {}};
    canvas.colours = sceneBackground(canvas.width, canvas.height, mix.anyGround, draws);
    canvas.taken.resize(canvas.colours.size());
    DenseSample sample;
    std::vector<Placed> shown;
    for (std::int64_t left = mix.fewest + draws.below(mix.most - mix.fewest + 1); left > 0; --left) {
        Placed placed = drawGarment(garments, canvas, mix, draws);
        std::optional<std::vector<std::uint8_t>> mask;
        for (int tried = 0; !mask && tried < kPlaces; ++tried) {
            place(placed, canvas, mix, draws);
            mask = visiblePart(placed, canvas, mix.visible);
        }
        if (!mask) continue;
        for (std::size_t i = 0; i < mask->size(); ++i)
            if ((*mask)[i] != 0) canvas.taken[i] = static_cast<std::uint8_t>(1 + placed.label);
        sample.objects.push_back(objectOf(*mask, placed.label, canvas));
        shown.push_back(std::move(placed));
    }
    for (auto placed = shown.rbegin(); placed != shown.rend(); ++placed)
        paint(*placed, canvas);
    sample.picture = pictureOf(canvas);
    sample.labels = std::move(canvas.taken);
    return sample;
}

}  // namespace vl
