// SPDX-License-Identifier: Apache-2.0
#include "engine/data/latent_cache.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "engine/core/files.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/data/latent_builder.h"

namespace vl {
namespace {

using test::bytesOf;
using test::expectError;
using test::has;
using test::LatentBuilder;
using test::put;
using test::ScratchFolder;
using test::survives;

using Latent = std::array<float, 16>;

TEST(LatentCache, GivesBackWhatWasWrittenWithLabelsAndNames) {
    const ScratchFolder folder;
    LatentBuilder().leaveOut(1).leaveOut(4).write(folder.path());
    const auto cache = LatentCache::open(folder.path());
    ASSERT_EQ(cache->size(), 5);
    EXPECT_EQ(cache->index().classNames, (std::vector<std::string>{"cat", "dog"}));
    EXPECT_EQ(cache->index().leftOut[1].problem, "p4.png is damaged.");
    const std::array<int, 5> pictures{0, 2, 3, 5, 6};
    for (std::int64_t row = 0; row < 5; ++row) {
        const int picture = pictures[static_cast<std::size_t>(row)];
        EXPECT_EQ(cache->picture(row).file, "p" + std::to_string(picture) + ".png");
        EXPECT_EQ(cache->picture(row).label, picture % 2);
        Latent mean{}, variance{};
        cache->moments(row, false, mean.data(), variance.data());
        EXPECT_EQ(mean[5], static_cast<float>(picture) + 5.0f / 16);
        cache->moments(row, true, mean.data(), variance.data());
        EXPECT_EQ(mean[15], -static_cast<float>(picture) - 15.0f / 16);
        EXPECT_EQ(variance[3], -30);
    }
    EXPECT_THROW(cache->picture(5), std::out_of_range);
}

TEST(LatentCache, SamplesHaveTheStoredMeanAndDeviationTimesTheScale) {
    const ScratchFolder folder;
    LatentBuilder builder(1);
    builder.logVariance = std::log(4.0f);  // deviation 2
    builder.write(folder.path());
    const auto cache = LatentCache::open(folder.path());
    constexpr int draws = 20000;
    std::array<double, 16> sum{}, squares{};
    double product = 0;  // of neighbours, which share a pair of uniform numbers
    for (int k = 0; k < draws; ++k) {
        Latent sample{};
        cache->sample(0, false, RandomStream(9, static_cast<std::uint64_t>(k)), sample.data());
        for (std::size_t j = 0; j < 16; ++j) {
            const double deviation = sample[j] - 0.5 * static_cast<double>(j) / 16;
            sum[j] += deviation;
            squares[j] += deviation * deviation;
        }
        product += (sample[0] - 0.0) * (sample[1] - 0.5 / 16);
    }
    // scale 0.5 times deviation 2 is 1; five standard errors of a mean, of a variance and of a product.
    const double most = 5 / std::sqrt(static_cast<double>(draws));
    for (std::size_t j = 0; j < 16; ++j) {
        EXPECT_NEAR(sum[j] / draws, 0, most) << j;
        EXPECT_NEAR(squares[j] / draws, 1, most * std::sqrt(2.0)) << j;
    }
    EXPECT_NEAR(product / draws, 0, most);
}

TEST(LatentCache, SamplesDependOnTheirStreamAlone) {
    const ScratchFolder folder;
    LatentBuilder builder;
    builder.logVariance = 0;
    builder.write(folder.path());
    const auto cache = LatentCache::open(folder.path());
    Latent a{}, b{}, c{};
    cache->sample(2, false, RandomStream(1, 5), a.data());
    cache->sample(2, false, RandomStream(1, 6), b.data());
    cache->sample(2, false, RandomStream(1, 5), c.data());
    EXPECT_EQ(a, c);
    EXPECT_NE(a, b);
}

TEST(LatentCache, AnUnfinishedOneIsRefusedInWords) {
    const ScratchFolder folder;
    LatentBuilder builder;
    builder.write(folder.path());
    builder.index.shardRows.pop_back();
    writeLatentIndex(folder.path(), builder.index, false);
    const Error error = expectError(ErrorCode::BadFile, [&] { LatentCache::open(folder.path()); });
    EXPECT_TRUE(has(error.message(), "2 of 3 parts")) << error.message();
    expectError(ErrorCode::NotFound, [&] { LatentCache::open(folder / "none"); });
}

TEST(LatentCache, PartsThatAreNotWhatTheIndexSaysAreRefused) {
    const ScratchFolder folder;
    LatentBuilder builder;
    builder.write(folder.path());
    const auto good = bytesOf(latentShardFile(folder.path(), 1));
    put(latentShardFile(folder.path(), 1), bytesOf(latentShardFile(folder.path(), 0)));  // other pictures
    EXPECT_TRUE(has(expectError(ErrorCode::BadFile, [&] { LatentCache::open(folder.path()); }).message(), "other pictures"));
    put(latentShardFile(folder.path(), 1), bytesOf(latentShardFile(folder.path(), 2)));  // fewer
    expectError(ErrorCode::BadFile, [&] { LatentCache::open(folder.path()); });
    put(latentShardFile(folder.path(), 1), good.substr(0, good.size() - 1));
    expectError(ErrorCode::BadFile, [&] { LatentCache::open(folder.path()); });
    std::filesystem::remove(latentShardFile(folder.path(), 1));
    expectError(ErrorCode::NotFound, [&] { LatentCache::open(folder.path()); });
    put(latentShardFile(folder.path(), 1), good);
    EXPECT_EQ(LatentCache::open(folder.path())->size(), 7);
}

TEST(LatentCache, NumbersOutOfRangeInAPartStayHarmless) {
    const ScratchFolder folder;
    LatentBuilder builder(1);
    builder.logVariance = 1e30f;
    builder.write(folder.path());
    Latent mean{}, variance{};
    LatentCache::open(folder.path())->moments(0, false, mean.data(), variance.data());
    EXPECT_EQ(variance[0], 20);
}

/// Reads the cache and everything in it; only vl::Error may come out.
bool readsAll(const std::filesystem::path& folder) {
    return survives([&] {
        const auto cache = LatentCache::open(folder);
        std::vector<float> sample(cache->index().elements());
        for (std::int64_t row = 0; row < cache->size(); ++row)
            cache->sample(row, row % 2 == 0, RandomStream(0, 0), sample.data());
    });
}

TEST(LatentCache, DamagedIndexesEndInASentence) {
    const ScratchFolder folder;
    LatentBuilder(5, 2).leaveOut(3).write(folder.path());
    ASSERT_TRUE(readsAll(folder.path()));
    for (const char* name : {"index.json", "pictures.txt", "latents-00001.safetensors"}) {
        const auto good = bytesOf(folder / name);
        for (std::size_t at = 0; at < good.size(); at += 1 + at / 200)
            for (const char byte : {'\0', '9', '-', '"', '\n', '\xff'}) {
                auto bad = good;
                bad[at] = byte;
                put(folder / name, bad);
                readsAll(folder.path());
            }
        for (std::size_t cut = 0; cut < good.size(); cut += 1 + cut / 50) {
            put(folder / name, good.substr(0, cut));
            readsAll(folder.path());
        }
        put(folder / name, good);
    }
    EXPECT_TRUE(readsAll(folder.path()));
}

TEST(LatentIndex, ForgedNumbersAreRefused) {
    const ScratchFolder folder;
    LatentBuilder(5, 2).write(folder.path());
    const auto good = bytesOf(folder / "index.json");
    const auto refused = [&](const std::string& from, const std::string& to) {
        auto bad = good;
        const auto at = bad.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        put(folder / "index.json", bad.replace(at, from.size(), to));
        expectError(ErrorCode::BadFile, [&] { LatentCache::open(folder.path()); });
    };
    refused("\"side\": 2", "\"side\": 100000");
    refused("\"side\": 2", "\"side\": 2.5");
    refused("\"side\": 2", "\"side\": 18446744073709551615");
    refused("\"channels\": 4", "\"channels\": 0");
    refused("\"channels\": 4", "\"channels\": 5");
    refused("\"scale\": 0.5", "\"scale\": -1");
    refused("\"F32\"", "\"F64\"");
    refused("\"pictures_per_part\": 2", "\"pictures_per_part\": 9223372036854775807");
    refused("\"pictures_per_part\": 2", "\"pictures_per_part\": 3");
    refused("\"left_out\": []", "\"left_out\": [{\"picture\": 7, \"problem\": \"\"}]");
    refused("\"left_out\": []", "\"left_out\": [{\"picture\": 1, \"problem\": \"\"}, {\"picture\": 1, \"problem\": \"\"}]");
    refused("\"visionllama latents\"", "\"something else\"");
    refused("\"classes\": [\n  \"cat\",\n  \"dog\"\n ]", "\"classes\": [\"cat\"]");
    put(folder / "index.json", good);
    put(folder / "pictures.txt", "0 100 p0.png\n1 100");
    expectError(ErrorCode::BadFile, [&] { LatentCache::open(folder.path()); });
}

}  // namespace
}  // namespace vl
