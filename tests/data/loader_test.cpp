// SPDX-License-Identifier: Apache-2.0
#include "engine/data/loader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <ctime>
#include <set>

#include "tests/core/expect_error.h"

namespace vl {
namespace {

using test::expectError;

/// Picture i is a ramp that begins at i, so that crops and mirrors show.
std::shared_ptr<MemoryDataset> ramps(std::int64_t count, int size = 8, int channels = 1) {
    std::vector<std::uint8_t> pixels, labels;
    for (std::int64_t i = 0; i < count; ++i) {
        for (int k = 0; k < size * size * channels; ++k) pixels.push_back(static_cast<std::uint8_t>(i + 3 * k + 1));
        labels.push_back(static_cast<std::uint8_t>(i % 4));
    }
    return std::make_shared<MemoryDataset>(std::vector<std::string>{"a", "b", "c", "d"}, size, channels, pixels, labels);
}

LoaderOptions options(int workers, std::int64_t firstStep = 0) {
    LoaderOptions o;
    o.batch = 5;
    o.workers = workers;
    o.prefetch = 3;
    o.seed = 42;
    o.firstStep = firstStep;
    o.transform = {2, true, 0.3, 0.4};
    return o;
}

std::vector<Batch> take(Loader& loader, int count) {
    std::vector<Batch> batches;
    for (int i = 0; i < count; ++i) batches.push_back(loader.next());
    return batches;
}

void expectSame(const Batch& a, const Batch& b) {
    EXPECT_EQ(a.indices, b.indices);
    EXPECT_EQ(a.labels, b.labels);
    EXPECT_EQ(a.images, b.images);
}

TEST(Loader, GivesTheSameBatchesForAnyNumberOfWorkers) {
    const auto data = ramps(23);
    Loader one(data, options(1)), four(data, options(4));
    const auto a = take(one, 13), b = take(four, 13);  // three epochs and one step
    for (std::size_t i = 0; i < a.size(); ++i) expectSame(a[i], b[i]);
}

TEST(Loader, ResumesExactlyWhereARunWasInterrupted) {
    const auto data = ramps(23);
    Loader whole(data, options(2));
    const auto all = take(whole, 11);
    for (const std::int64_t step : {1, 4, 7, 8}) {  // within and at the border of epochs of four steps
        Loader resumed(data, options(3, step));
        expectSame(resumed.next(), all[static_cast<std::size_t>(step)]);
        expectSame(resumed.next(), all[static_cast<std::size_t>(step) + 1]);
    }
}

TEST(Loader, ShowsEachPictureAtMostOnceAnEpochInANewOrder) {
    const auto data = ramps(23);
    Loader loader(data, options(2));
    EXPECT_EQ(loader.stepsPerEpoch(), 4);  // 23 pictures in batches of 5, the rest dropped
    std::vector<std::vector<std::int64_t>> epochs(2);
    for (auto& epoch : epochs)
        for (const auto& batch : take(loader, 4)) {
            EXPECT_EQ(batch.B, 5);
            epoch.insert(epoch.end(), batch.indices.begin(), batch.indices.end());
        }
    for (const auto& epoch : epochs) EXPECT_EQ(std::set<std::int64_t>(epoch.begin(), epoch.end()).size(), 20u);
    EXPECT_NE(epochs[0], epochs[1]);
}

TEST(Loader, DependsOnTheSeed) {
    const auto data = ramps(40);
    auto other = options(1);
    other.seed = 43;
    Loader a(data, options(1)), b(data, other);
    EXPECT_NE(a.next().indices, b.next().indices);
}

TEST(Loader, EndsWithoutHangingAtAnyMoment) {
    const auto data = ramps(23);
    for (int taken = 0; taken < 6; ++taken) {
        Loader loader(data, options(3));
        take(loader, taken);
    }
}

/// Cannot be read while `closed`.
class GatedDataset final : public Dataset {
public:
    GatedDataset() : Dataset({"a"}, 2, 1) {}
    std::int64_t size() const override { return 100; }
    int label(std::int64_t) const override { return 0; }
    void read(std::int64_t, std::uint8_t*) const override {
        closed.wait(true);
        if (broken) throw Error(ErrorCode::BadFile, "The disk is gone.");
    }
    mutable std::atomic<bool> closed{false}, broken{false};
};

TEST(Loader, StopsWaitingWhenAsked) {
    auto data = std::make_shared<GatedDataset>();
    data->closed = true;
    Loader loader(data, options(1));
    std::stop_source stop;
    stop.request_stop();
    expectError(ErrorCode::Cancelled, [&] { loader.next(stop.get_token()); });
    data->closed = false;
    data->closed.notify_all();
    EXPECT_EQ(loader.next().B, 5);  // nothing was lost
}

TEST(Loader, HandsOnWhatWentWrongInAWorker) {
    auto data = std::make_shared<GatedDataset>();
    data->broken = true;
    Loader loader(data, options(2));
    expectError(ErrorCode::BadFile, [&] { loader.next(); });
}

TEST(Loader, RefusesADataSetSmallerThanABatch) {
    expectError(ErrorCode::Usage, [] { Loader(ramps(4), options(1)); });
}

TEST(Transform, NormalisesAndSeparatesChannels) {
    const std::uint8_t pixels[] = {0, 51, 102, 255, 204, 153, 10, 20, 30, 40, 50, 60};  // 2 x 2, three channels
    const Transform transform({0, false, 0.5, 0.25}, 2, 3);
    float out[12];
    transform.plain(pixels, out);
    const auto expected = [](int value) { return static_cast<float>((value / 255.0 - 0.5) / 0.25); };
    const int order[] = {0, 255, 10, 40, 51, 204, 20, 50, 102, 153, 30, 60};
    for (int i = 0; i < 12; ++i) EXPECT_EQ(out[i], expected(order[i])) << i;
}

TEST(Transform, ShiftsWithinThePaddingAndMirrorsHalf) {
    constexpr int size = 6, pad = 2;
    std::uint8_t pixels[size * size];
    for (int i = 0; i < size * size; ++i) pixels[i] = static_cast<std::uint8_t>(i + 1);
    const Transform transform({pad, true, 0, 1.0 / 255}, size, 1);
    const RandomStream random(1, 1);
    std::set<std::pair<int, int>> shifts;
    int mirrored = 0, draws = 600;
    for (int sample = 0; sample < draws; ++sample) {
        float out[size * size];
        transform.augmented(pixels, out, random, sample);
        int matches = 0;  // every output must be exactly one of the 50 possible ones
        for (int top = -pad; top <= pad; ++top)
            for (int left = -pad; left <= pad; ++left)
                for (const bool mirror : {false, true}) {
                    bool same = true;
                    for (int y = 0; y < size && same; ++y)
                        for (int x = 0; x < size && same; ++x) {
                            const int sx = (mirror ? size - 1 - x : x) + left, sy = y + top;
                            const bool inside = sx >= 0 && sy >= 0 && sx < size && sy < size;
                            same = std::lround(out[y * size + x]) == (inside ? pixels[sy * size + sx] : 0);
                        }
                    if (!same) continue;
                    ++matches;
                    shifts.insert({top, left});
                    mirrored += mirror;
                }
        ASSERT_EQ(matches, 1);
    }
    EXPECT_EQ(shifts.size(), 25u);
    EXPECT_NEAR(mirrored, draws / 2, 75);  // six standard deviations
}

TEST(EvalBatches, PublishedColourModelsGetImagenetsFiguresChannelByChannel) {
    const auto pixel = std::make_shared<MemoryDataset>(std::vector<std::string>{"a"}, 1, 3,
                                                       std::vector<std::uint8_t>{255, 51, 0}, std::vector<std::uint8_t>{0});
    const Batch batch = EvalBatches(pixel, 1, 0, 0.5, 0.5, true).batch(0);
    EXPECT_FLOAT_EQ(batch.images[0], static_cast<float>((1 - 0.485) / 0.229));
    EXPECT_FLOAT_EQ(batch.images[1], static_cast<float>((0.2 - 0.456) / 0.224));
    EXPECT_FLOAT_EQ(batch.images[2], static_cast<float>((0 - 0.406) / 0.225));
}

TEST(EvalBatches, WalkThroughEveryPictureInOrder) {
    const EvalBatches batches(ramps(23), 10, 0, 0, 1);
    EXPECT_EQ(batches.count(), 3);
    std::int64_t next = 0;
    for (std::int64_t k = 0; k < batches.count(); ++k)
        for (const auto index : batches.batch(k).indices) EXPECT_EQ(index, next++);
    EXPECT_EQ(next, 23);
    EXPECT_EQ(batches.batch(2).B, 3);
    EXPECT_EQ(batches.batch(2).images.size(), 3u * 64);
    EXPECT_EQ(EvalBatches(ramps(23), 10, 12, 0, 1).images(), 12);
    expectError(ErrorCode::Internal, [&] { batches.batch(3); });
}

TEST(Loader, PreparesTwentyThousandPicturesASecondOnOneThread) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "a sanitizer slows this build down";
#endif
    const auto data = ramps(4096, 32);
    auto o = options(1);
    o.batch = 64;
    Loader loader(data, o);
    loader.next();
    const auto start = std::clock();  // of all threads' processor time: a busy machine must not fail the test
    for (int i = 0; i < 300; ++i) loader.next();
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    RecordProperty("images_per_second", static_cast<int>(300 * 64 / seconds));
    EXPECT_GT(300 * 64 / seconds, 20000);
}

}  // namespace
}  // namespace vl
