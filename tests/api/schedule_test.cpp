// SPDX-License-Identifier: Apache-2.0
#include "engine/api/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

namespace vl {
namespace {

using Json = nlohmann::json;

const Json& golden() {
    static const Json cases = Json::parse(std::ifstream(VL_SOURCE_DIR "/tests/golden/recipe_schedules.json"));
    return cases;
}

/// Compares the recorded points and the sum over the whole schedule; double precision, 1e-12 of the base rate.
template <typename Schedule>
void expectRecorded(const Json& recorded, double base, Schedule&& schedule) {
    for (const auto& point : recorded["values"])
        EXPECT_NEAR(schedule(point[0].get<std::int64_t>()), point[1].get<double>(), 1e-12 * base) << recorded.dump() << point;
    double sum = 0;
    for (std::int64_t step = 0; step < recorded["length"].get<std::int64_t>(); ++step) sum += schedule(step);
    EXPECT_NEAR(sum, recorded["sum"].get<double>(), 1e-10 * std::abs(sum)) << recorded.dump();
}

TEST(SoftMaskAlpha, MatchesThePublishedSchedules) {
    for (const auto& recorded : golden()["soft_mask"]) {
        SoftMaskSettings settings;
        settings.schedule = recorded.contains("mode") ? recorded["schedule"].get<std::string>() : "standard";
        settings.start = recorded["rate"].get<double>();
        settings.cutoffEpochs = recorded.value("cutoff_epoch", 0.0);
        const auto stepsPerEpoch = recorded["steps_per_epoch"].get<std::int64_t>();
        expectRecorded(recorded, 1, [&](std::int64_t step) { return softMaskAlpha(settings, step, stepsPerEpoch); });
    }
}

TEST(LearningRate, MatchesThePublishedCosines) {
    int compared = 0;
    for (const auto& recorded : golden()["cosine_per_step"]) {
        if (recorded.value("start_warmup", 0.0) != 0) continue;  // that option is not among our settings
        TrainSettings settings;
        settings.lr = recorded["base"].get<double>();
        settings.minLr = recorded["final"].get<double>();
        settings.warmupEpochs = recorded.value("warmup_epochs", 0.0);
        const auto stepsPerEpoch = recorded["steps_per_epoch"].get<std::int64_t>();
        const auto total = recorded["length"].get<std::int64_t>();
        expectRecorded(recorded, settings.lr, [&](std::int64_t step) { return learningRate(settings, step, stepsPerEpoch, total); });
        ++compared;
    }
    EXPECT_EQ(compared, 6);
}

/// Recorded from mmengine's schedulers; warm-up counted in epochs of the shortened runs.
TrainSettings denseRecipe(const Json& run) {
    TrainSettings settings;
    const Json& warmup = run["schedulers"][0];
    const Json& fall = run["schedulers"][1];
    const auto perEpoch = run["iterations_per_epoch"].get<double>();
    settings.lr = run["lr"].get<double>();
    settings.minLr = fall.value("eta_min", 0.0);
    settings.warmupEpochs = warmup["end"].get<double>() / perEpoch;
    settings.schedule = fall["type"] == "PolyLR" ? "poly" : "steps";
    if (settings.schedule == "steps")
        for (const Json& milestone : fall["milestones"])
            settings.rateDrops += std::to_string(milestone.get<double>() / (fall["by_epoch"] ? 1 : perEpoch)) + ", ";
    return settings;
}

TEST(LearningRate, MatchesTheDenseRecipes) {
    const Json recorded = Json::parse(std::ifstream(VL_SOURCE_DIR "/tests/golden/recipe_mmengine_schedules.json"));
    int compared = 0;
    for (const Json& run : recorded["runs"]) {
        const std::string type = run["schedulers"][1]["type"];
        if (type != "PolyLR" && type != "MultiStepLR") continue;  // the cosines warm up from other factors than ours
        const TrainSettings settings = denseRecipe(run);
        const auto total = run["values"].back()[0].get<std::int64_t>() + 1;
        for (const Json& point : run["values"])
            EXPECT_NEAR(learningRate(settings, point[0].get<std::int64_t>(), run["iterations_per_epoch"].get<std::int64_t>(), total),
                        point[1].get<double>(), 1e-9 * settings.lr)
                << run["name"] << point;
        ++compared;
    }
    EXPECT_EQ(compared, 3);
}

TEST(SoftMaskAlpha, ReproducesTheLoggedMeanOfTheFirstEpoch) {
    SoftMaskSettings settings{"linear", 1.0, 50, {}};
    double sum = 0;
    for (int step = 0; step < 312; ++step) sum += softMaskAlpha(settings, step, 312);
    EXPECT_NEAR(sum / 312, 0.990031, 1e-6);  // models.md 3.4
}

TEST(SoftMaskAlpha, FollowsAPiecewiseCurve) {
    SoftMaskSettings settings{"piecewise", 1.0, 2, {{1, 0.8, true}, {2, 0.4, false}, {3, 0.2, true}}};
    const auto at = [&](std::int64_t step) { return softMaskAlpha(settings, step, 10); };
    EXPECT_EQ(at(0), 0.8);             // before the first point
    EXPECT_EQ(at(10), 0.8);
    EXPECT_NEAR(at(15), 0.6, 1e-15);   // half of the ramp
    EXPECT_EQ(at(20), 0.4);
    EXPECT_EQ(at(29), 0.4);            // held
    EXPECT_EQ(at(30), 0.2);
    EXPECT_EQ(at(1000), 0.2);          // after the last point
}

TEST(SoftMaskAlpha, IsDefinedForDegenerateSettings) {
    EXPECT_EQ(softMaskAlpha({"linear", 0.7, 0, {}}, 0, 10), 0);
    EXPECT_EQ(softMaskAlpha({"linear", 0.7, 0.1, {}}, 0, 10), 0.7);  // one step long
    EXPECT_EQ(softMaskAlpha({"linear", 0.7, 0.1, {}}, 1, 10), 0);
    EXPECT_EQ(softMaskAlpha({"piecewise", 0.7, 1, {}}, 3, 10), 0);
    EXPECT_EQ(softMaskAlpha({"linear", 1, 1e6, {}}, -5, 0), 1);
}

TEST(LearningRate, StaysFiniteAtAndBeyondTheEnd) {
    TrainSettings settings;
    settings.warmupEpochs = 1;
    EXPECT_EQ(learningRate(settings, 0, 1, 10), 0);   // a warm-up of one step
    EXPECT_EQ(learningRate(settings, 4, 5, 5), settings.lr);  // warm-up as long as the run
    EXPECT_NEAR(learningRate(settings, 100, 5, 50), settings.minLr, 1e-18);
    EXPECT_TRUE(std::isfinite(learningRate(settings, 7, 5, 3)));
}

}  // namespace
}  // namespace vl
