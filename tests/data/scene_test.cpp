// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/core/error.h"
#include "engine/data/coco_file.h"
#include "engine/data/fashion_mnist.h"
#include "engine/data/folder_dataset.h"
#include "engine/data/run_mask.h"
#include "engine/data/scene_garment.h"
#include "engine/data/scene_picture.h"
#include "engine/data/scene_set.h"
#include "tests/data/idx_builder.h"
#include "tests/data/segment_builder.h"

namespace vl {
namespace {
namespace fs = std::filesystem;
using Pixels = std::vector<std::uint8_t>;

/// White where wanted(x, y), on black.
template <typename Wanted>
Pixels drawn(const Wanted& wanted) {
    Pixels pixels(28 * 28);
    for (int y = 0; y < 28; ++y)
        for (int x = 0; x < 28; ++x)
            pixels[static_cast<std::size_t>(y * 28 + x)] = wanted(x, y) ? 200 : 0;
    return pixels;
}

bool inBox(int x, int y, int from, int to) { return x >= from && x < to && y >= from && y < to; }

/// Twenty garments of all ten classes: squares of different sizes.
MemoryDataset squares() {
    Pixels pixels, labels;
    for (int i = 0; i < 20; ++i) {
        const Pixels one = drawn([&](int x, int y) { return inBox(x, y, 2 + i / 5, 26 - i / 5); });
        pixels.insert(pixels.end(), one.begin(), one.end());
        labels.push_back(static_cast<std::uint8_t>(i % 10));
    }
    return {fashionMnistClasses(), 28, 1, pixels, labels};
}

TEST(SceneGarment, PrintsAreFilledButGapsOfStrapsStayOpen) {
    const Pixels ring =
        drawn([](int x, int y) { return inBox(x, y, 4, 24) && !inBox(x, y, 10, 18); });  // a gap of 64 pixels
    EXPECT_EQ(SceneGarment(ring, false).area(), 400);
    EXPECT_EQ(SceneGarment(ring, true).area(), 400 - 64);
    const Pixels pinhole = drawn([](int x, int y) { return inBox(x, y, 4, 24) && !inBox(x, y, 10, 13); });  // 9 pixels
    EXPECT_EQ(SceneGarment(pinhole, true).area(), 400);
}

TEST(SceneGarment, SpecksAreLeftOutAndPairsAreKept) {
    const Pixels pair =
        drawn([](int x, int y) { return inBox(x, y, 2, 10) || inBox(x, y, 15, 22) || (x == 26 && y == 26); });
    const SceneGarment garment(pair, false);
    EXPECT_EQ(garment.area(), 64 + 49);
    EXPECT_FALSE(garment.covers(26, 26));
}

TEST(SceneGarment, OutlineLiesBetweenPixelsAndInsideIsWhole) {
    const SceneGarment garment(drawn([](int x, int y) { return inBox(x, y, 8, 20); }), false);
    EXPECT_NEAR(garment.at(14, 14).inside, 1, 1e-5);
    EXPECT_NEAR(garment.at(14, 14).shade, 200 / 255.0, 1e-5);
    EXPECT_NEAR(garment.at(8, 14).inside, 0.5, 1e-5);         // by symmetry of the spline
    EXPECT_NEAR(garment.at(8, 14).shade, 200 / 255.0, 1e-5);  // no black seam
    EXPECT_NEAR(garment.at(2, 2).inside, 0, 1e-5);
    EXPECT_NEAR(garment.at(-40, 100).inside, 0, 1e-5);
}

TEST(SceneGarment, ShadeAtPixelCentresIsThePixelsOwn) {
    // Thin dark stripes, a print.
    const SceneGarment garment(drawn([](int x, int y) { return x < 6 || x > 21 || y % 4 < 3; }), false);
    for (const int y : {8, 9, 10, 11, 12})
        EXPECT_NEAR(garment.at(14.5f, static_cast<float>(y) + 0.5f).shade, y % 4 < 3 ? 200 / 255.0 : 0.0, 1e-5) << y;
    for (float y = 0; y < 28; y += 0.25f)
        EXPECT_TRUE(garment.at(14, y).shade >= 0 && garment.at(14, y).shade <= 1) << "overshoots at " << y;
}

TEST(Scene, MasksAreWhatShowsAndFitTheLabels) {
    const MemoryDataset garments = squares();
    std::set<int> seen;
    for (std::uint64_t number = 0; number < 40; ++number) {
        const DenseSample scene = makeScene(garments, 3, number, 128, 128);
        Pixels labels(128 * 128);
        for (const TrueObject& object : scene.objects) {
            seen.insert(object.label);
            const Pixels mask = pixelsOf(object.mask);
            EXPECT_GE(object.area, kLeastPixels);
            EXPECT_EQ(static_cast<double>(std::ranges::count(mask, 1)), object.area);
            float left = 128, top = 128, right = 0, bottom = 0;
            for (int i = 0; i < 128 * 128; ++i) {
                if (mask[static_cast<std::size_t>(i)] == 0) continue;
                EXPECT_EQ(labels[static_cast<std::size_t>(i)], 0) << "two garments at one place";
                labels[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(object.label + 1);
                left = std::min(left, static_cast<float>(i % 128));
                right = std::max(right, static_cast<float>(i % 128 + 1));
                top = std::min(top, static_cast<float>(i / 128));
                bottom = std::max(bottom, static_cast<float>(i / 128 + 1));
            }
            EXPECT_EQ(object.box, (Box{left, top, right, bottom}));
        }
        EXPECT_EQ(labels, scene.labels);
    }
    EXPECT_EQ(seen.size(), 10u);
}

TEST(Scene, DependsOnSeedAndNumberAlone) {
    const MemoryDataset garments = squares();
    const auto picture = [&](std::uint64_t seed, std::uint64_t number) {
        return makeScene(garments, seed, number, 64, 160).picture.pixels;
    };
    EXPECT_EQ(picture(1, 2), picture(1, 2));
    EXPECT_NE(picture(1, 2), picture(1, 3));
    EXPECT_NE(picture(1, 2), picture(2, 2));
    for (std::uint64_t number = 0; number < 10; ++number) {
        const Image image = makeScene(garments, 1, number, 64, 150).picture;
        EXPECT_EQ(image.width % 16, 0);
        EXPECT_GE(std::min(image.width, image.height), 64);
        EXPECT_LE(std::max(image.width, image.height), 150);
    }
    EXPECT_THROW(makeScene(garments, 1, 1, 32, 32), Error);
    EXPECT_THROW(makeScene(garments, 1, 1, 128, 64), Error);
}

TEST(Scene, TheMixBoundsNumberAndShareOfGarments) {
    const MemoryDataset garments = squares();
    for (std::uint64_t number = 0; number < 20; ++number) {
        const auto objects = [&](const SceneMix& mix) { return makeScene(garments, 1, number, 128, 128, mix).objects; };
        EXPECT_EQ(objects({.fewest = 1, .most = 1}).size(), 1u);
        EXPECT_LE(objects({.fewest = 1, .most = 2, .visible = 0}).size(), 2u);
        // Drawn squares fill 8 to 20 of 28 pixels: no side is longer than the garment's picture.
        for (const TrueObject& object : objects({.fewest = 3, .most = 3, .smallest = 0.3, .largest = 0.3, .turn = 0}))
            EXPECT_LE(std::max(object.box[2] - object.box[0], object.box[3] - object.box[1]), 0.3 * 128 + 1);
    }
    std::size_t small = 0;
    for (std::uint64_t number = 0; number < 20; ++number) {
        // Nothing but a garment in front hides one: alone it lies whole inside the canvas.
        const TrueObject alone = makeScene(garments, 1, number, 128, 128, {.most = 1, .turn = 0}).objects.at(0);
        EXPECT_GT(std::min(alone.box[0], alone.box[1]), 0);
        EXPECT_LT(std::max(alone.box[2], alone.box[3]), 128);
        small += makeScene(garments, 1, number, 128, 128,
                           {.fewest = 3, .most = 3, .smallest = 0.3, .largest = 0.3, .visible = 1})
                     .objects.size();
    }
    EXPECT_GT(small, 55u) << "other places are tried before a garment is left out";
    for (const SceneMix& bad : {SceneMix{.fewest = 0}, SceneMix{.fewest = 3, .most = 2}, SceneMix{.most = 17},
                                SceneMix{.smallest = 0.05}, SceneMix{.largest = 1.5}, SceneMix{.turn = 181},
                                SceneMix{.visible = -0.1}, SceneMix{.visible = std::nan("")}})
        EXPECT_THROW(makeScene(garments, 1, 1, 128, 128, bad), Error);
}

/// A folder of scenes, with garments of its own.
struct SceneFolder : test::SegmentFolder {
    SceneFolder() {
        const MemoryDataset garments = squares();
        std::string pixels, labels;
        for (std::int64_t i = 0; i < garments.size(); ++i) {
            const Pixels one = garments.image(i).pixels;
            pixels.append(one.begin(), one.end());
            labels += static_cast<char>(garments.label(i));
        }
        for (const char* part : {"train", "t10k"}) {
            text(std::string("garments/") + part + "-images-idx3-ubyte", test::idxBytes({20, 28, 28}, pixels));
            text(std::string("garments/") + part + "-labels-idx1-ubyte", test::idxBytes({20}, labels));
        }
        settings.folder = root() / "scenes";
        settings.garments = (root() / "garments").string();
        settings.train = 12;
        settings.validation = 3;
        settings.seed = 5;
    }
    SceneSettings settings;
};

std::map<std::string, std::string> contents(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = readTextFile(entry.path());
    return files;
}

TEST(SceneSet, BytesDoNotDependOnThreadsOrOnStopping) {
    SceneFolder one, many, stopped;
    one.settings.threads = 1;
    many.settings.threads = 4;
    EXPECT_EQ(makeScenes(one.settings, nullptr).pictures, 15);
    makeScenes(many.settings, nullptr);
    EXPECT_TRUE(makeScenes(stopped.settings, [](const SceneProgress& p) { return p.done < 5; }).cancelled);
    EXPECT_FALSE(fs::exists(stopped.settings.folder / "annotations/instances_train.json"));
    std::int64_t found = 0;
    makeScenes(stopped.settings, [&](const SceneProgress& p) {
        found = p.found;
        return true;
    });
    EXPECT_GE(found, 5);
    const auto expected = contents(one.settings.folder);
    EXPECT_EQ(expected.size(), 2 * 15 + 5u);  // lists of both forms, names, colours, and how they were made
    EXPECT_EQ(expected, contents(many.settings.folder));
    EXPECT_EQ(expected, contents(stopped.settings.folder));
}

TEST(SceneSet, IsReadAsBothKindsOfDataSetWithTheSameTruth) {
    SceneFolder made;
    makeScenes(made.settings, nullptr);
    const fs::path& folder = made.settings.folder;
    for (const DenseSplit split : {DenseSplit::Train, DenseSplit::Validation}) {
        const auto masks = openSegmentDataset("ade20k", folder, split);
        const auto objects = openDetectDataset(folder, split);
        ASSERT_EQ(masks->size(), split == DenseSplit::Train ? 12 : 3);
        ASSERT_EQ(objects->size(), masks->size());
        EXPECT_EQ(masks->classes().names, sceneClasses().names);
        EXPECT_EQ(masks->classes().colours, sceneClasses().colours);
        EXPECT_EQ(objects->classes().names, fashionMnistClasses());
        for (std::int64_t i = 0; i < masks->size(); ++i) {
            const DenseSample painted = masks->read(i), boxed = objects->read(i);
            EXPECT_EQ(painted.picture.pixels, boxed.picture.pixels);
            Pixels labels(painted.labels.size());
            for (const TrueObject& object : boxed.objects) {
                const Pixels mask = pixelsOf(object.mask);
                EXPECT_EQ(static_cast<double>(area(object.mask)), object.area);
                for (std::size_t p = 0; p < mask.size(); ++p)
                    if (mask[p] != 0) labels[p] = static_cast<std::uint8_t>(object.label + 1);
            }
            EXPECT_EQ(labels, painted.labels);
        }
    }
    int runs = 0, polygons = 0;
    for (const CocoAnnotation& annotation : readCocoFile(folder / "annotations/instances_train.json").annotations)
        ++(annotation.polygons.empty() ? runs : polygons);
    EXPECT_GT(runs, 0);
    EXPECT_GT(polygons, runs);
}

TEST(SceneSet, ClassFoldersHoldOnePictureAGarment) {
    SceneFolder made;
    made.settings.classFolders = true;
    made.settings.mix.fewest = made.settings.mix.most = 1;
    EXPECT_EQ(makeScenes(made.settings, nullptr).objects, 15);
    const auto train = openFolder(made.settings.folder.string(), FolderSplit::Train, 64, 3);
    EXPECT_EQ(train->size(), 12);
    EXPECT_EQ(openFolder(made.settings.folder.string(), FolderSplit::Evaluation, 64, 3)->size(), 3);
    EXPECT_TRUE(fs::exists(made.settings.folder / "train/T-shirt-top"));
    EXPECT_FALSE(fs::exists(made.settings.folder / "annotations"));
}

TEST(SceneSet, TrainingScenesMayShowMoreGarmentsAndTheOthersStayAsTheyAre) {
    SceneFolder plain, crowded;
    crowded.settings.trainCount = {{6, 8}};
    makeScenes(plain.settings, nullptr);
    makeScenes(crowded.settings, nullptr);
    const auto annotationsOf = [](const SceneFolder& made, const char* list) {
        return readTextFile(made.settings.folder / "annotations" / list);
    };
    EXPECT_EQ(annotationsOf(plain, "instances_val.json"), annotationsOf(crowded, "instances_val.json"));
    const auto garments = [](const SceneFolder& made) {
        return readCocoFile(made.settings.folder / "annotations/instances_train.json").annotations.size();
    };
    EXPECT_GT(garments(crowded), garments(plain) * 5 / 4);
    crowded.settings.trainCount.reset();
    EXPECT_THROW(makeScenes(crowded.settings, nullptr), Error) << "made with other settings";
    SceneFolder none;
    none.settings.trainCount = {{0, 0}};
    EXPECT_THROW(makeScenes(none.settings, nullptr), Error);
}

TEST(SceneSet, OtherFilesAreNeverTouched) {
    SceneFolder made;
    made.text("scenes/mine.txt", "mine");
    EXPECT_THROW(makeScenes(made.settings, nullptr), Error);
    EXPECT_EQ(contents(made.settings.folder).size(), 1u);
    made.settings.folder = made.root() / "others";
    makeScenes(made.settings, nullptr);
    made.settings.seed = 6;
    EXPECT_THROW(makeScenes(made.settings, nullptr), Error);
    made.settings.train = made.settings.validation = 0;
    EXPECT_THROW(makeScenes(made.settings, nullptr), Error);
}

}  // namespace
}  // namespace vl
