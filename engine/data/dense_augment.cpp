// SPDX-License-Identifier: Apache-2.0
#include "engine/data/dense_augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "engine/core/error.h"
#include "engine/data/photometric.h"
#include "engine/data/placement.h"
#include "engine/data/resize.h"
#include "engine/data/run_mask.h"

namespace vl {
namespace {

// Draws of one sample's stream.
constexpr std::uint64_t kScaleDraw = 0, kFlipDraw = 1, kWayDraw = 2, kSideDraw = 3, kCropDraws = 10, kColourDraws = 60;
/// Nearly 0 after normalisation, which is what published pipelines pad with.
constexpr std::array<std::uint8_t, 3> kMeanColour{124, 116, 104};

void requirePicture(const Image& picture) {
    if (picture.empty() || picture.channels != 3)
        throw Error(ErrorCode::Usage, "There is no colour picture to augment.", "Choose another picture.");
}

/// Factor that fits a picture into a long and a short side, aspect kept.
double fitFactor(const Image& picture, double longSide, double shortSide) {
    return std::min(longSide / std::max(picture.width, picture.height),
                    shortSide / std::min(picture.width, picture.height));
}

int drawnOffset(int margin, const RandomStream& random, std::uint64_t index) {
    return margin <= 0 ? 0 : static_cast<int>(random.below(index, static_cast<std::uint64_t>(margin) + 1));
}

/// A part of the placed picture, at most width x height, at a random place.
Placement randomPart(const Placement& whole, int width, int height, const RandomStream& random, std::uint64_t index) {
    const int w = std::min(width, whole.width), h = std::min(height, whole.height);
    const int x = drawnOffset(whole.width - w, random, index);
    return cropped(whole, x, drawnOffset(whole.height - h, random, index + 1), w, h);
}

bool oneClassRules(const std::vector<std::uint8_t>& labels, double most) {
    std::array<std::int64_t, 256> counts{};
    for (const std::uint8_t label : labels)
        ++counts[label];
    counts[kNoClass] = 0;
    std::int64_t all = 0, largest = 0, classes = 0;
    for (const std::int64_t count : counts) {
        all += count;
        largest = std::max(largest, count);
        classes += count > 0;
    }
    return classes < 2 || static_cast<double>(largest) >= most * static_cast<double>(all);
}

/// The object on the canvas; nothing when too little of it is left.
std::optional<TrueObject> placeObject(const TrueObject& object, const Placement& place, int canvas, double thinnest) {
    TrueObject moved = object;
    const double edges[2] = {place.toResultX(object.box[0]), place.toResultX(object.box[2])};
    const auto held = [](double value, int side) { return static_cast<float>(std::clamp<double>(value, 0, side)); };
    moved.box = {held(std::min(edges[0], edges[1]), place.width), held(place.toResultY(object.box[1]), place.height),
                 held(std::max(edges[0], edges[1]), place.width), held(place.toResultY(object.box[3]), place.height)};
    if (!object.mask.empty()) {
        const std::vector<std::uint8_t> pixels = placeLabels(pixelsOf(object.mask), object.mask.width,
                                                             object.mask.height, place, canvas, canvas, 0);
        moved.mask = runMaskOf(pixels, canvas, canvas);
        const auto box = boundingBox(moved.mask);
        if (box[2] <= 0 || box[3] <= 0) return std::nullopt;
        moved.box = {static_cast<float>(box[0]), static_cast<float>(box[1]), static_cast<float>(box[0] + box[2]),
                     static_cast<float>(box[1] + box[3])};
        moved.area = static_cast<double>(area(moved.mask));
    } else {
        moved.area = object.area * place.scaleX * place.scaleY;
    }
    const double width = moved.box[2] - moved.box[0], height = moved.box[3] - moved.box[1];
    if (width < thinnest || height < thinnest || width <= 0 || height <= 0) return std::nullopt;
    return moved;
}

/// 9.1: the short side is one of the list; in half of the cases after a random part of a smaller picture was cut out.
Placement multiScale(const Image& picture, const DetectAugment& how, const RandomStream& random) {
    const int longest = std::min(how.maxLong, how.size);
    Placement place = scaledPlacement(picture.width, picture.height, 1);
    if (random.uniform(kWayDraw) < 0.5) {
        constexpr int kSides[] = {400, 500, 600};
        constexpr int kLeast = 384, kMost = 600;
        const double factor = fitFactor(picture, how.maxLong, kSides[random.below(kSideDraw, 3)]);
        place = scaledPlacement(picture.width, picture.height, factor);
        const auto side = [&](int whole, std::uint64_t index) {
            const int low = std::min(whole, kLeast), high = std::min(whole, kMost);
            return low + drawnOffset(high - low, random, index);
        };
        place = randomPart(place, side(place.width, kCropDraws), side(place.height, kCropDraws + 1), random,
                           kCropDraws + 2);
    }
    const int shortSide = how.shortSides[random.below(kScaleDraw, how.shortSides.size())];
    const double factor = std::min(static_cast<double>(longest) / std::max(place.width, place.height),
                                   static_cast<double>(shortSide) / std::min(place.width, place.height));
    return rescaled(place, factor);
}

/// 9.2: large-scale jitter.
Placement jittered(const Image& picture, const DetectAugment& how, const RandomStream& random) {
    const double ratio = how.minScale + (how.maxScale - how.minScale) * random.uniform(kScaleDraw);
    const double side = how.size * ratio;
    const Placement whole = scaledPlacement(picture.width, picture.height, fitFactor(picture, side, side));
    return randomPart(whole, how.size, how.size, random, kCropDraws);
}

}  // namespace

DenseSample augmentSegment(const DenseSample& sample, const SegmentAugment& how, const RandomStream& random) {
    requirePicture(sample.picture);
    const Image& picture = sample.picture;
    const double ratio = how.minRatio + (how.maxRatio - how.minRatio) * random.uniform(kScaleDraw);
    const Placement whole = scaledPlacement(picture.width, picture.height,
                                            fitFactor(picture, how.baseLong * ratio, how.baseShort * ratio));
    Placement place;
    std::vector<std::uint8_t> labels;
    constexpr std::uint64_t kTries = 11;  // the first part and ten more
    for (std::uint64_t i = 0; i < kTries; ++i) {
        place = randomPart(whole, how.crop, how.crop, random, kCropDraws + 2 * i);
        labels = placeLabels(sample.labels, picture.width, picture.height, place, how.crop, how.crop, kNoClass);
        if (how.mostOfOneClass >= 1 || !oneClassRules(labels, how.mostOfOneClass)) break;
    }
    if (how.flip && random.uniform(kFlipDraw) < 0.5) {
        place.mirrored = true;
        labels = placeLabels(sample.labels, picture.width, picture.height, place, how.crop, how.crop, kNoClass);
    }
    const auto padded = [&](const Image& image, const Placement& at) {
        return placePicture(image, at, how.crop, how.crop, kMeanColour);
    };
    if (!how.photometric) return {sample.name, sample.file, padded(picture, place), std::move(labels), {}};
    Image part = placePicture(picture, place, place.width, place.height, kMeanColour);
    distortColours(part, random, kColourDraws);  // of the picture alone, not of the ground it is padded with
    part = padded(part, scaledPlacement(part.width, part.height, 1));
    return {sample.name, sample.file, std::move(part), std::move(labels), {}};
}

Image fitForTesting(const Image& picture, int baseLong, int baseShort) {
    requirePicture(picture);
    const Placement place =
        scaledPlacement(picture.width, picture.height, fitFactor(picture, baseLong, baseShort));
    if (place.width == picture.width && place.height == picture.height) return picture;
    return placePicture(picture, place, place.width, place.height, kMeanColour);
}

DetectCanvas augmentDetect(const DenseSample& sample, const DetectAugment& how, const RandomStream& random) {
    requirePicture(sample.picture);
    Placement place =
        how.shortSides.empty() ? jittered(sample.picture, how, random) : multiScale(sample.picture, how, random);
    place.mirrored = how.flip && random.uniform(kFlipDraw) < 0.5;
    const std::array<std::uint8_t, 3> grey{static_cast<std::uint8_t>(how.padding),
                                           static_cast<std::uint8_t>(how.padding),
                                           static_cast<std::uint8_t>(how.padding)};
    DetectCanvas canvas;
    canvas.width = place.width;
    canvas.height = place.height;
    canvas.sample.name = sample.name;
    canvas.sample.file = sample.file;
    canvas.sample.picture = placePicture(sample.picture, place, how.size, how.size, grey);
    for (const TrueObject& object : sample.objects)
        if (auto moved = placeObject(object, place, how.size, how.thinnest))
            canvas.sample.objects.push_back(std::move(*moved));
    return canvas;
}

TestCanvas fitForDetection(const Image& picture, int shortSide, int longSide, int multiple, int padding) {
    const Image colour = convertChannels(picture, 3);
    const Placement place = scaledPlacement(colour.width, colour.height, fitFactor(colour, longSide, shortSide));
    const auto whole = [&](int side) { return (side + multiple - 1) / multiple * multiple; };
    const std::array<std::uint8_t, 3> grey{static_cast<std::uint8_t>(padding), static_cast<std::uint8_t>(padding),
                                           static_cast<std::uint8_t>(padding)};
    return {placePicture(colour, place, whole(place.width), whole(place.height), padding ? grey : kMeanColour),
            place.width, place.height, place.scaleX, place.scaleY};
}

}  // namespace vl
