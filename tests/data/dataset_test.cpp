// SPDX-License-Identifier: Apache-2.0
#include "engine/data/dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/api/data_source.h"
#include "engine/data/fashion_mnist.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/data/idx_builder.h"

namespace vl {
namespace {

using test::expectError;
using test::has;
using test::put;
using test::ScratchFolder;

/// A small Fashion-MNIST: 40 training and 20 test pictures.
void putFashion(const ScratchFolder& folder) {
    put(folder / "train-images-idx3-ubyte", test::plainPictures(40));
    put(folder / "train-labels-idx1-ubyte", test::cyclingLabels(40));
    put(folder / "t10k-images-idx3-ubyte", test::plainPictures(20));
    put(folder / "t10k-labels-idx1-ubyte", test::cyclingLabels(20));
}

DataSettings fashionIn(const ScratchFolder& folder) {
    DataSettings settings;
    settings.path = folder.path().string();
    return settings;
}

TEST(FashionMnist, GivesPicturesABlackBorderUpTo32Pixels) {
    const ScratchFolder folder;
    putFashion(folder);
    const auto sets = openDatasets(fashionIn(folder), 32, 1, 0);
    EXPECT_EQ(sets.train->size(), 40);
    EXPECT_EQ(sets.evaluation->size(), 20);
    EXPECT_EQ(sets.train->classNames().size(), 10u);
    EXPECT_EQ(sets.train->label(13), 3);
    const auto image = sets.train->image(7);
    ASSERT_EQ(image.pixels.size(), 32u * 32);
    for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 32; ++x) {
            const bool border = x < 2 || y < 2 || x >= 30 || y >= 30;
            ASSERT_EQ(image.pixels[static_cast<std::size_t>(y * 32 + x)], border ? 0 : 7);
        }
}

TEST(FashionMnist, ComesInColourWhenTheModelWantsIt) {
    const ScratchFolder folder;
    putFashion(folder);
    const auto image = openDatasets(fashionIn(folder), 32, 3, 0).train->image(9);
    ASSERT_EQ(image.pixels.size(), 3u * 32 * 32);
    EXPECT_EQ(image.pixels[3 * (16 * 32 + 16) + 2], 9);
}

TEST(FashionMnist, NamesThePackageWhenItIsMissing) {
    const ScratchFolder folder;
    const auto error = expectError(ErrorCode::NotFound, [&] { openDatasets(fashionIn(folder), 32, 1, 0); });
    EXPECT_TRUE(has(error.hint(), "dataset-fashion-mnist"));
}

TEST(FashionMnist, RefusesPartsThatDoNotBelongTogether) {
    const ScratchFolder folder;
    putFashion(folder);
    put(folder / "train-labels-idx1-ubyte", test::cyclingLabels(39));
    expectError(ErrorCode::BadFile, [&] { openDatasets(fashionIn(folder), 32, 1, 0); });
    put(folder / "train-labels-idx1-ubyte", test::cyclingLabels(40, 11));
    expectError(ErrorCode::Mismatch, [&] { openDatasets(fashionIn(folder), 32, 1, 0); });
}

TEST(FashionMnist, IsFoundThroughTheEnvironment) {
    ::setenv("VISIONLLAMA_FASHION_MNIST", "/somewhere", 1);
    EXPECT_EQ(fashionMnistFolder(""), "/somewhere");
    EXPECT_EQ(fashionMnistFolder("/explicit"), "/explicit");
    ::unsetenv("VISIONLLAMA_FASHION_MNIST");
}

TEST(FashionMnist, HasThePublishedCountsWhereInstalled) {
    if (!std::filesystem::exists(fashionMnistFolder(""))) GTEST_SKIP() << "the data set is not installed";
#ifndef VL_HAVE_ZLIB
    GTEST_SKIP() << "this build has no zlib, and the package's files are compressed";
#endif
    const auto test = openFashionMnist("", false, 28, 1);
    ASSERT_EQ(test->size(), 10000);
    std::vector<int> counts(10);
    for (std::int64_t i = 0; i < test->size(); ++i) ++counts[static_cast<std::size_t>(test->label(i))];
    for (const int count : counts) EXPECT_EQ(count, 1000);
    EXPECT_EQ(test->label(0), 9);  // the first test picture is an ankle boot
}

TEST(ValidationShare, SplitsOffTheSamePicturesEveryTime) {
    const ScratchFolder folder;
    putFashion(folder);
    auto settings = fashionIn(folder);
    settings.validationShare = 0.25;
    const auto pixels = [&](const Dataset& set) {
        std::vector<int> values;
        for (std::int64_t i = 0; i < set.size(); ++i) values.push_back(set.image(i).pixels[16 * 32 + 16]);
        return values;
    };
    const auto a = openDatasets(settings, 32, 1, 5), b = openDatasets(settings, 32, 1, 5), c = openDatasets(settings, 32, 1, 6);
    EXPECT_EQ(a.evaluation->size(), 10);
    EXPECT_EQ(a.train->size(), 30);
    EXPECT_EQ(pixels(*a.evaluation), pixels(*b.evaluation));
    EXPECT_NE(pixels(*a.evaluation), pixels(*c.evaluation));
    auto all = pixels(*a.train);
    for (const int value : pixels(*a.evaluation)) all.push_back(value);
    EXPECT_EQ(std::set<int>(all.begin(), all.end()).size(), 40u);  // disjoint and complete
    settings.validationShare = 0.001;
    expectError(ErrorCode::Usage, [&] { openDatasets(settings, 32, 1, 5); });
}

TEST(Limit, KeepsTheFirstTrainingPictures) {
    const ScratchFolder folder;
    putFashion(folder);
    auto settings = fashionIn(folder);
    settings.limit = 7;
    const auto sets = openDatasets(settings, 32, 1, 0);
    EXPECT_EQ(sets.train->size(), 7);
    EXPECT_EQ(sets.evaluation->size(), 20);
    EXPECT_EQ(sets.train->label(6), 6);
}

}  // namespace
}  // namespace vl
