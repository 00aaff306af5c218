// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/encode_latents.h"

#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include "engine/api/data_source.h"
#include "engine/core/random.h"
#include "engine/data/latent_cache.h"
#include "engine/data/latent_picture.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"
#include "tests/generate/tiny_autoencoder.h"

namespace vl {
namespace {

using test::bytesOf;
using test::expectError;
using test::has;
using test::put;
using test::ScratchFolder;

constexpr int kSize = 8;

/// Smooth pictures of several sizes, so that preprocessing has work.
Image gradient(int width, int height, std::uint64_t seed) {
    Image image{width, height, 3, std::vector<std::uint8_t>(static_cast<std::size_t>(3 * width * height))};
    const RandomStream random(seed, 1);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c) {
                const auto k = static_cast<std::uint64_t>(c);
                const double value = random.uniform(k) * 120 + random.uniform(k + 3) * 130 * x / width + random.uniform(k + 6) * y;
                image.pixels[static_cast<std::size_t>((y * width + x) * 3 + c)] = static_cast<std::uint8_t>(std::min(value, 255.0));
            }
    return image;
}

/// Seven pictures of two classes, c/4.png damaged.
void putPictures(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder / "b");
    std::filesystem::create_directories(folder / "c");
    for (int i = 0; i < 3; ++i) writePng(folder / "b" / (std::to_string(i) + ".png"), gradient(9 + 5 * i, 12, static_cast<std::uint64_t>(i)));
    for (int i = 3; i < 7; ++i) writePng(folder / "c" / (std::to_string(i) + ".png"), gradient(20, 8 + i, static_cast<std::uint64_t>(i)));
    const auto png = bytesOf(folder / "c" / "4.png");
    put(folder / "c" / "4.png", png.substr(0, png.size() / 2));
    put(folder / "c" / "notes.txt", "no picture");
}

bool canDecode() {
    const ScratchFolder folder;
    try {
        writePng(folder / "probe.png", gradient(1, 1, 0));
        return true;
    } catch (const Error&) {
        return false;
    }
}

#define NEEDS_CODEC \
    if (!canDecode()) GTEST_SKIP() << "this build has no OpenCV"

/// Shards of two pictures in batches of two.
EncodeSettings settingsFor(const ScratchFolder& folder, const char* cache, bool half = false) {
    EncodeSettings settings;
    settings.folder = folder / "pictures";
    settings.cache = folder / cache;
    settings.size = kSize;
    settings.batch = 2;
    settings.half = half;
    settings.shardBytes = 2u * 4 * 4 * 4 * 4 * (half ? 2 : 4);
    settings.autoencoderName = "tiny";
    settings.autoencoderHash = "abc";
    return settings;
}

at::Tensor tensorOf(const Image& image) {
    const at::Tensor bytes = at::empty({1, image.height, image.width, 3}, at::kByte);
    std::copy(image.pixels.begin(), image.pixels.end(), bytes.mutable_data_ptr<std::uint8_t>());
    return bytes.permute({0, 3, 1, 2}).to(at::kFloat) / 127.5 - 1;
}

double worst(const std::vector<float>& got, const at::Tensor& wanted) {
    const at::Tensor flat = wanted.contiguous();
    double most = 0;
    for (std::size_t i = 0; i < got.size(); ++i)
        most = std::max(most, std::abs(static_cast<double>(got[i]) - static_cast<double>(flat.const_data_ptr<float>()[i])));
    return most;
}

TEST(EncodeLatents, TheCacheHoldsWhatDirectEncodingGives) {
    NEEDS_CODEC;
    const at::NoGradGuard noGrad;
    const ScratchFolder folder;
    putPictures(folder / "pictures");
    const auto tiny = test::tinyAutoencoder();
    for (const bool half : {false, true}) {
        std::vector<std::string> problems;
        const EncodeSettings settings = settingsFor(folder, half ? "half" : "full", half);
        const EncodeSummary summary = encodeLatents(*tiny, settings, [&](const EncodeProgress& p) {
            problems.insert(problems.end(), p.problems.begin(), p.problems.end());
            return true;
        });
        EXPECT_EQ(summary.encoded, 6);
        EXPECT_EQ(summary.leftOut, 1);
        EXPECT_EQ(summary.shards, 4);
        ASSERT_EQ(problems.size(), 2u);
        EXPECT_TRUE(has(problems[0], "notes.txt")) << problems[0];
        EXPECT_TRUE(has(problems[1], "4.png is left out")) << problems[1];
        const auto cache = LatentCache::open(settings.cache);
        ASSERT_EQ(cache->size(), 6);
        EXPECT_EQ(cache->index().classNames, (std::vector<std::string>{"b", "c"}));
        EXPECT_EQ(cache->index().leftOut.at(0).picture, 4);
        std::vector<float> mean(cache->index().elements()), logVariance(mean.size());
        for (std::int64_t row = 0; row < 6; ++row) {
            EXPECT_EQ(cache->picture(row).label, row < 3 ? 0 : 1);
            const Image image = latentPicture(readImage(folder / "pictures" / cache->picture(row).file), kSize);
            for (const bool twin : {false, true}) {
                const LatentMoments direct = tiny->encode(tensorOf(twin ? mirrored(image) : image));
                cache->moments(row, twin, mean.data(), logVariance.data());
                EXPECT_LE(worst(mean, direct.mean), half ? 2e-3 : 1e-5) << row;
                EXPECT_LE(worst(logVariance, direct.logVariance), half ? 2e-3 : 1e-5) << row;
            }
        }
    }
}

TEST(EncodeLatents, AStoppedRunGoesOnToTheSameBytes) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    putPictures(folder / "pictures");
    const auto tiny = test::tinyAutoencoder();
    encodeLatents(*tiny, settingsFor(folder, "whole"));
    const auto settings = settingsFor(folder, "stopped");
    // Stopped before the first batch, before the first part is written, and twice a part further.
    for (const int reports : {1, 2, 3, 3}) {
        int calls = 0;
        const Error error = expectError(
            ErrorCode::Cancelled, [&] { encodeLatents(*tiny, settings, [&](const EncodeProgress&) { return ++calls < reports; }); });
        EXPECT_TRUE(has(error.message(), "of 7 pictures")) << error.message();
    }
    expectError(ErrorCode::BadFile, [&] { LatentCache::open(settings.cache); });
    const EncodeSummary summary = encodeLatents(*tiny, settings);
    EXPECT_EQ(summary.resumed, 4);
    EXPECT_EQ(summary.leftOut, 1);
    EXPECT_EQ(summary.encoded, 6);
    for (const char* name : {"index.json", "pictures.txt", "latents-00000.safetensors", "latents-00001.safetensors",
                             "latents-00002.safetensors", "latents-00003.safetensors"})
        EXPECT_EQ(bytesOf(folder / "whole" / name), bytesOf(settings.cache / name)) << name;
    int calls = 0;
    EXPECT_EQ(encodeLatents(*tiny, settings, [&](const EncodeProgress& p) {
                  ++calls;
                  return p.done == p.total;
              }).resumed,
              6);
    EXPECT_EQ(calls, 1);
}

TEST(EncodeLatents, ALostOrDamagedPartIsMadeAgain) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    putPictures(folder / "pictures");
    const auto tiny = test::tinyAutoencoder();
    const auto settings = settingsFor(folder, "cache");
    encodeLatents(*tiny, settings);
    const auto index = bytesOf(settings.cache / "index.json"), part = bytesOf(settings.cache / "latents-00002.safetensors");
    put(settings.cache / "latents-00002.safetensors", part.substr(0, part.size() / 2));
    EXPECT_EQ(encodeLatents(*tiny, settings).resumed, 4);
    EXPECT_EQ(bytesOf(settings.cache / "latents-00002.safetensors"), part);
    EXPECT_EQ(bytesOf(settings.cache / "index.json"), index);
}

TEST(EncodeLatents, ChangedPicturesOrSettingsAreNoticed) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    putPictures(folder / "pictures");
    const auto tiny = test::tinyAutoencoder();
    const auto settings = settingsFor(folder, "cache");
    encodeLatents(*tiny, settings);
    const auto refused = [&](auto change) {
        auto other = settings;
        change(other);
        return expectError(ErrorCode::Mismatch, [&] { encodeLatents(*tiny, other); }).message();
    };
    EXPECT_TRUE(has(refused([](auto& s) { s.autoencoderHash = "other"; }), "another autoencoder"));
    EXPECT_TRUE(has(refused([](auto& s) { s.size = 16; }), "8 pixels"));
    EXPECT_TRUE(has(refused([](auto& s) { s.half = true; }), "another kind"));
    writePng(folder / "pictures" / "b" / "new.png", gradient(9, 9, 40));
    std::filesystem::remove(folder / "pictures" / "c" / "6.png");
    std::filesystem::remove(folder / "pictures" / "c" / "5.png");
    EXPECT_TRUE(has(refused([](auto&) {}), "1 are new or changed, 2 are gone"));
}

TEST(EncodeLatents, SaysHowLongItWillTake) {
    NEEDS_CODEC;
    const ScratchFolder folder;
    putPictures(folder / "pictures");
    const auto tiny = test::tinyAutoencoder();
    ManualClock clock;
    std::vector<EncodeProgress> seen;
    encodeLatents(
        *tiny, settingsFor(folder, "cache"),
        [&](const EncodeProgress& p) {
            seen.push_back(p);
            clock.advance(4);
            return true;
        },
        clock);
    ASSERT_EQ(seen.size(), 5u);  // before the first batch, then after each of four
    EXPECT_EQ(seen[0].secondsLeft, 0);
    EXPECT_EQ(seen[2].done, 4);
    EXPECT_EQ(seen[2].picturesPerSecond, 0.5);  // four in eight seconds
    EXPECT_EQ(seen[2].secondsLeft, 6);
    EXPECT_EQ(seen[4].done, 7);
}

TEST(EncodeLatents, WrongRequestsAreRefusedInWords) {
    const ScratchFolder folder;
    const auto tiny = test::tinyAutoencoder();
    auto settings = settingsFor(folder, "cache");
    expectError(ErrorCode::NotFound, [&] { encodeLatents(*tiny, settings); });
    settings.size = 7;
    expectError(ErrorCode::Usage, [&] { encodeLatents(*tiny, settings); });
    settings = settingsFor(folder, "");
    settings.cache.clear();
    expectError(ErrorCode::Usage, [&] { encodeLatents(*tiny, settings); });
    EXPECT_FALSE(std::filesystem::exists(folder / "cache"));
}

}  // namespace
}  // namespace vl
