// SPDX-License-Identifier: Apache-2.0
#include "engine/session/checkpoint_worker.h"

#include <atomic>
#include <chrono>

#include <gtest/gtest.h>

#include "engine/core/error.h"
#include "engine/core/random.h"

namespace vl::test {
namespace {

/// A reader of made-up files: "n" calls the watcher n times, "bad" throws, "forever" reads until it is told to stop.
class Fixture {
public:
    Fixture()
        : worker([this](const auto& file, const auto& options, const auto& watch) { return read(file, options, watch); },
                 [this] {
                     const std::lock_guard lock(mutex_);
                     ++rings;
                     changed_.notify_all();
                 },
                 clock) {}

    CheckpointReport read(const std::filesystem::path& file, const CheckpointOptions& options,
                          const ReadWatcher& watch) {
        ++alive;
        struct Leave {
            std::atomic<int>& count;
            ~Leave() { --count; }
        } leave{alive};
        if (file == "bad") throw Error(ErrorCode::BadFile, "bad is no checkpoint.", "Choose another file.");
        if (options.statistics) {
            reading = true;
            changed_.notify_all();
            const std::uint64_t calls = file == "forever" ? ~std::uint64_t{0} : std::stoull(file.string());
            for (std::uint64_t i = 0; i < calls; ++i) {
                clock->advance(0.02);
                if (!watch({i, calls, "blocks." + std::to_string(i)})) throw Error(ErrorCode::Cancelled, "Cancelled.");
            }
        }
        CheckpointReport report;
        report.file = file;
        report.statisticsDone = options.statistics;
        return report;
    }
    void ask(std::uint64_t id, const std::string& file, bool statistics = true) {
        CheckpointRequest request;
        request.id = id;
        request.file = file;
        request.options.statistics = statistics;
        worker.request(request);
    }
    bool waitFor(const std::function<bool()>& condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        std::unique_lock lock(mutex_);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            changed_.wait_for(lock, std::chrono::milliseconds(5));
        }
        return true;
    }
    bool idle() {
        return waitFor([this] { return !worker.look().busy; });
    }

    /// Several threads read it: seconds are counted in whole hundredths.
    struct Ticks final : Clock {
        std::atomic<long> hundredths{0};
        double seconds() const override { return 0.01 * static_cast<double>(hundredths.load()); }
        double wallSeconds() const override { return seconds(); }
        void advance(double by) { hundredths += static_cast<long>(by * 100 + 0.5); }
    };
    std::shared_ptr<Ticks> clock = std::make_shared<Ticks>();
    std::atomic<int> alive{0}, rings{0};
    std::atomic<bool> reading{false};

private:
    std::mutex mutex_;
    std::condition_variable changed_;

public:
    CheckpointWorker worker;  // last: its thread uses everything above
};

TEST(CheckpointWorker, NothingWasAskedYet) {
    Fixture f;
    EXPECT_EQ(f.worker.look().request, 0u);
    EXPECT_FALSE(f.worker.look().busy);
    f.worker.cancel();
    EXPECT_FALSE(f.worker.look().cancelled);
}

TEST(CheckpointWorker, TheListingComesFirstAndStatisticsFollow) {
    Fixture f;
    f.ask(7, "forever");
    ASSERT_TRUE(f.waitFor([&] { return f.worker.look().report != nullptr; }));
    const CheckpointLook listed = f.worker.look();
    EXPECT_TRUE(listed.busy);
    EXPECT_EQ(listed.request, 7u);
    EXPECT_FALSE(listed.report->statisticsDone);
    f.ask(8, "3");
    ASSERT_TRUE(f.idle());
    EXPECT_EQ(f.worker.look().request, 8u);
    EXPECT_TRUE(f.worker.look().report->statisticsDone);
}

TEST(CheckpointWorker, ALookWithoutStatisticsEndsWithTheListing) {
    Fixture f;
    f.ask(1, "5", false);
    ASSERT_TRUE(f.idle());
    EXPECT_FALSE(f.worker.look().report->statisticsDone);
    EXPECT_FALSE(f.reading);
}

TEST(CheckpointWorker, CancellingShowsAtOnceAndKeepsTheListing) {
    Fixture f;
    f.ask(1, "forever");
    ASSERT_TRUE(f.waitFor([&] { return f.reading.load(); }));
    f.worker.cancel();
    const CheckpointLook look = f.worker.look();
    EXPECT_FALSE(look.busy);
    EXPECT_TRUE(look.cancelled);
    ASSERT_NE(look.report, nullptr);
    EXPECT_TRUE(look.problem.empty());
    ASSERT_TRUE(f.waitFor([&] { return f.alive == 0; }));  // the reader did stop
}

TEST(CheckpointWorker, AFileThatCannotBeReadIsAProblemWithAdvice) {
    Fixture f;
    f.ask(1, "bad");
    ASSERT_TRUE(f.idle());
    EXPECT_EQ(f.worker.look().problem, "bad is no checkpoint.");
    EXPECT_EQ(f.worker.look().advice, "Choose another file.");
    EXPECT_EQ(f.worker.look().report, nullptr);
    f.ask(2, "1");
    ASSERT_TRUE(f.idle());
    EXPECT_TRUE(f.worker.look().problem.empty());
}

TEST(CheckpointWorker, ProgressIsToldAtMostTenTimesASecond) {
    Fixture f;
    f.ask(1, "1000");  // 1,000 calls, 0.02 s each: 20 s of the clock
    ASSERT_TRUE(f.idle());
    EXPECT_GT(f.rings, 100);
    EXPECT_LE(f.rings, 200 + 3);  // begun, listed, done
}

TEST(CheckpointWorker, ShutdownEndsAReadUnderWayAndIgnoresWhatComesLater) {
    Fixture f;
    f.ask(1, "forever");
    ASSERT_TRUE(f.waitFor([&] { return f.reading.load(); }));
    f.worker.shutdown();
    EXPECT_EQ(f.alive, 0);
    EXPECT_FALSE(f.worker.look().busy);
    f.ask(2, "1");
    EXPECT_EQ(f.worker.look().request, 1u);
}

TEST(CheckpointWorker, AnySequenceShowsTheLastRequestAndNothingElse) {
    for (std::uint64_t sequence = 0; sequence < 1000; ++sequence) {
        const RandomStream random(11, sequence);
        Fixture f;
        std::uint64_t asked = 0;
        std::string file;
        bool cancelled = false, statistics = false;
        const auto commands = random.below(0, 12);
        for (std::uint64_t i = 1; i <= commands; ++i) {
            switch (random.below(i, 6)) {
                case 0:
                    f.worker.cancel();
                    break;
                case 1:
                    (void)f.idle();
                    break;
                default:
                    static const std::string files[] = {"0", "2", "40", "400", "bad"};
                    file = files[random.below(100 + i, 5)];
                    statistics = random.below(200 + i, 3) != 0;
                    f.ask(++asked, file, statistics);
                    break;
            }
            const CheckpointLook look = f.worker.look();
            ASSERT_EQ(look.request, asked);
            ASSERT_FALSE(look.busy && (look.cancelled || !look.problem.empty()));
            if (look.report) {
                ASSERT_EQ(look.report->file, file);
            }
        }
        if (random.below(900, 3) == 0) {
            f.worker.shutdown();
            EXPECT_EQ(f.alive, 0);
            continue;
        }
        ASSERT_TRUE(f.idle());
        const CheckpointLook look = f.worker.look();
        cancelled = look.cancelled;
        if (asked == 0) continue;
        if (file == "bad" && !cancelled) {
            ASSERT_FALSE(look.problem.empty());
        } else if (!cancelled) {
            ASSERT_NE(look.report, nullptr) << "sequence " << sequence;
            ASSERT_EQ(look.report->statisticsDone, statistics);
        }
    }
}

}  // namespace
}  // namespace vl::test
