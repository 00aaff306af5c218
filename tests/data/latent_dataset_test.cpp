// SPDX-License-Identifier: Apache-2.0
#include "engine/data/latent_dataset.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/data/loader.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/data/latent_builder.h"

namespace vl {
namespace {

using test::expectError;
using test::has;
using test::LatentBuilder;
using test::ScratchFolder;

DataSettings latentsIn(const ScratchFolder& folder) {
    DataSettings settings;
    settings.dataset = "latents";
    settings.path = folder.path().string();
    return settings;
}

LoaderOptions options(int workers, bool flip, std::int64_t firstStep = 0) {
    LoaderOptions o;
    o.batch = 3;
    o.workers = workers;
    o.seed = 7;
    o.firstStep = firstStep;
    o.transform = {2, flip, 0.3, 0.4};  // crop and normalisation are for pictures
    return o;
}

TEST(LatentDataset, ComesWithItsOwnSplitOrAShareOfTheTrainingOnes) {
    const ScratchFolder folder;
    LatentBuilder(7).write(folder / "train");
    expectError(ErrorCode::NotFound, [&] { openDatasets(latentsIn(folder), 2, 4, 0); });
    LatentBuilder(3).write(folder / "val");
    const auto sets = openDatasets(latentsIn(folder), 2, 4, 0);
    EXPECT_EQ(sets.train->size(), 7);
    EXPECT_EQ(sets.evaluation->size(), 3);
    EXPECT_EQ(sets.train->label(3), 1);
    EXPECT_TRUE(sets.train->makesFloats());

    const ScratchFolder plain;
    LatentBuilder(10).write(plain.path());
    auto settings = latentsIn(plain);
    settings.validationShare = 0.2;
    const auto shared = openDatasets(settings, 2, 4, 0);
    EXPECT_EQ(shared.train->size(), 8);
    EXPECT_EQ(shared.evaluation->size(), 2);
    EXPECT_TRUE(shared.evaluation->makesFloats());
}

TEST(LatentDataset, SaysWhatDoesNotFit) {
    const ScratchFolder folder;
    LatentBuilder().write(folder.path());
    auto settings = latentsIn(folder);
    settings.validationShare = 0.5;
    EXPECT_TRUE(has(expectError(ErrorCode::Mismatch, [&] { openDatasets(settings, 32, 4, 0); }).message(), "4 x 2 x 2"));
    const auto sets = openDatasets(settings, 2, 4, 0);
    expectError(ErrorCode::Unsupported, [&] { sets.train->image(0); });
    settings.path = "";
    expectError(ErrorCode::NotFound, [&] { openDatasets(settings, 2, 4, 0); });
}

TEST(LatentDataset, LoadersGiveScaledSamplesAndTheTwinWhereAFlipIsDrawn) {
    const ScratchFolder folder;
    LatentBuilder builder;  // the variance is next to nothing, so samples are their means
    builder.write(folder.path());
    const auto data = openLatents(folder.path(), FolderSplit::Train, 2, 4);
    for (const bool flip : {false, true}) {
        Loader loader(data, options(2, flip));
        std::set<int> signs;
        for (int step = 0; step < 8; ++step) {
            const Batch batch = loader.next();
            ASSERT_EQ(batch.images.size(), 3u * 16);
            for (std::size_t i = 0; i < 3; ++i) {
                EXPECT_EQ(batch.labels[i], batch.indices[i] % 2);
                const float sign = batch.images[i * 16 + 15] < 0 ? -1.0f : 1.0f;
                signs.insert(static_cast<int>(sign));
                for (std::size_t j = 0; j < 16; ++j)
                    EXPECT_NEAR(batch.images[i * 16 + j], sign * 0.5f * (static_cast<float>(batch.indices[i]) + static_cast<float>(j) / 16), 1e-5);
            }
        }
        EXPECT_EQ(signs, flip ? (std::set<int>{-1, 1}) : std::set<int>{1});
    }
}

TEST(LatentDataset, LoadersGiveTheSameForAnyNumberOfWorkersAndAfterAResume) {
    const ScratchFolder folder;
    LatentBuilder builder;
    builder.logVariance = 0;
    builder.write(folder.path());
    const auto data = openLatents(folder.path(), FolderSplit::Train, 2, 4);
    Loader one(data, options(1, true)), four(data, options(4, true)), resumed(data, options(2, true, 3));
    for (int step = 0; step < 6; ++step) {
        const Batch batch = one.next();
        EXPECT_EQ(batch.images, four.next().images) << step;
        if (step < 3) continue;
        EXPECT_EQ(batch.images, resumed.next().images) << step;
    }
}

TEST(LatentDataset, EveryEpochDrawsAFreshSampleAndEvaluationAlwaysTheSame) {
    const ScratchFolder folder;
    LatentBuilder builder(3);
    builder.logVariance = 0;
    builder.write(folder.path());
    const auto data = openLatents(folder.path(), FolderSplit::Train, 2, 4);
    Loader loader(data, options(1, false));
    const Batch first = loader.next(), second = loader.next();  // an epoch each
    const auto sampleOf = [](const Batch& batch, std::int64_t index) {
        for (std::size_t i = 0; i < batch.indices.size(); ++i)
            if (batch.indices[i] == index)
                return std::vector<float>(batch.images.data() + i * 16, batch.images.data() + i * 16 + 16);
        return std::vector<float>();
    };
    for (std::int64_t i = 0; i < 3; ++i) EXPECT_NE(sampleOf(first, i), sampleOf(second, i)) << i;
    const EvalBatches two(data, 2, 0, 0, 1), all(data, 3, 0, 0, 1);
    const Batch whole = all.batch(0), last = two.batch(1);
    EXPECT_EQ(sampleOf(whole, 2), sampleOf(last, 2));
    EXPECT_NE(sampleOf(whole, 2), sampleOf(first, 2));
}

}  // namespace
}  // namespace vl
