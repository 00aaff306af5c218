// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>
#include <span>

#include "engine/api/run_folder.h"
#include "tests/cli/dense_fixture.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

std::string bigEndian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> shift);
    return bytes;
}

/// Ten kinds of "garments" that differ in outline and stripes; Fashion-MNIST's file format.
void writeGarments(const Scratch& scratch, const std::string& part, std::uint32_t count) {
    constexpr int kSide = 28;
    std::string pictures = bigEndian(0x803) + bigEndian(count) + bigEndian(kSide) + bigEndian(kSide);
    std::string labels = bigEndian(0x801) + bigEndian(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const int kind = static_cast<int>(i % 10), halfWidth = 5 + 2 * (kind % 5), halfHeight = kind < 5 ? 13 : 7;
        for (int y = 0; y < kSide; ++y)
            for (int x = 0; x < kSide; ++x) {
                const bool inside =
                    std::abs(2 * x - kSide + 1) < 2 * halfWidth && std::abs(2 * y - kSide + 1) < 2 * halfHeight;
                pictures += static_cast<char>(!inside ? 0 : (y / (2 + kind % 3)) % 2 ? 250 : 120);
            }
        labels += static_cast<char>(kind);
    }
    scratch.write("garments/" + part + "-images-idx3-ubyte", pictures);
    scratch.write("garments/" + part + "-labels-idx1-ubyte", labels);
}

double meanLoss(std::span<const StepMetrics> steps) {
    return std::accumulate(steps.begin(), steps.end(), 0.0,
                           [](double sum, const StepMetrics& step) { return sum + step.loss; }) /
           static_cast<double>(steps.size());
}

/// The projects as a newcomer runs them, on made-up scenes and for seconds instead of minutes.
class ScenesProjects : public testing::Test {
protected:
    void SetUp() override {
        if (!writeScene(folder() / "probe.png", 8, 8, 0)) GTEST_SKIP() << "this build has no OpenCV";
        writeGarments(scratch_, "train", 200);
        writeGarments(scratch_, "t10k", 40);
        const Outcome made =
            runProgram({"make-scenes", "scenes", "--garments", "garments", "--train", "64", "--val", "6"}, folder());
        ASSERT_EQ(made.code, 0) << made.err;
    }
    const std::filesystem::path& folder() const { return scratch_.path(); }
    RunRecord train(const std::string& project, const std::string& steps) const {
        std::vector<std::string> words{"train", "--project", project, "--out", "run"};
        // So short a run's average of weights would still be its start.
        for (const std::string& setting :
             {std::string("data.path=scenes"), "train.max_steps=" + steps, std::string("train.warmup_epochs=0"),
              std::string("train.ema_decay=0.8"), std::string("eval.every_steps=0")})
            words.insert(words.end(), {"--set", setting});
        const Outcome run = runProgram(words, folder());
        EXPECT_EQ(run.code, 0) << run.err;
        return readRunFolder(folder() / "run");
    }
    Scratch scratch_;
};

TEST_F(ScenesProjects, TheSegmenterLearnsFromMadeUpScenes) {
    const RunRecord run = train("scenes-segment-micro", "60");
    ASSERT_EQ(run.steps.size(), 60u);
    const std::span<const StepMetrics> steps(run.steps);
    EXPECT_LT(meanLoss(steps.last(5)), 0.7 * meanLoss(steps.first(5)));
    ASSERT_EQ(run.evals.size(), 1u);
    // Ground everywhere, the easiest guess, scores at most one class of eleven.
    EXPECT_GT(run.evals[0].meanIou, 1.0 / 11);
    EXPECT_EQ(run.evals[0].classScores.size(), 11u);
    EXPECT_EQ(runProgram({"eval", "run"}, folder()).code, 0);
}

TEST_F(ScenesProjects, TheDetectorLearnsFromMadeUpScenes) {
    const RunRecord run = train("scenes-detect-micro", "40");
    ASSERT_EQ(run.steps.size(), 40u);
    const std::span<const StepMetrics> steps(run.steps);
    EXPECT_LT(meanLoss(steps.last(5)), 0.7 * meanLoss(steps.first(5)));
    ASSERT_EQ(run.evals.size(), 1u);
    EXPECT_GE(run.evals[0].boxAp50, 0);
    EXPECT_EQ(run.evals[0].classScores.size(), 10u);
}

}  // namespace
}  // namespace vl::test
