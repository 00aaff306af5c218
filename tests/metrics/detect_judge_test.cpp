// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "engine/metrics/detect_judge.h"
#include "tests/core/expect_error.h"
#include "tests/metrics/detect_scenes.h"

namespace vl {
namespace {

using test::expectError;

FoundObject found(Box box, float score, int label = 0) { return {box, label, score, {}}; }
TrueObject there(Box box, int label = 0, bool crowd = false) {
    return {box, label, crowd, static_cast<double>(box[2] - box[0]) * (box[3] - box[1]), {}};
}
constexpr Box kA{0, 0, 40, 40}, kB{100, 0, 140, 40}, kFar{200, 200, 240, 240};

TEST(DetectJudge, PerfectFindingsScoreOne) {
    DetectJudge judge(2);
    judge.add(1, {there(kA), there(kB)}, {found(kB, 0.3f), found(kA, 0.9f)});
    const DetectScores scores = judge.scores();
    EXPECT_NEAR(scores.boxes.ap, 1, 1e-12);
    EXPECT_NEAR(scores.boxes.apMedium, 1, 1e-12);
    EXPECT_EQ(scores.boxes.apSmall, -1);
    EXPECT_EQ(scores.boxes.apLarge, -1);
    EXPECT_DOUBLE_EQ(scores.boxes.ar1, 0.5);
    EXPECT_DOUBLE_EQ(scores.boxes.ar100, 1);
    EXPECT_NEAR(scores.boxAp[0], 1, 1e-12);
    EXPECT_EQ(scores.boxAp[1], -1) << "the class does not occur";
    EXPECT_EQ(scores.boxCurves[1], std::vector<double>(101, -1));
    EXPECT_EQ(scores.masks.ap, -1);
}

TEST(DetectJudge, PrecisionByHand) {
    // By falling score: right, wrong, right. Precision 1 up to recall 0.5, then 2/3.
    DetectJudge judge(1);
    judge.add(1, {there(kA), there(kB)}, {found(kA, 0.9f), found(kFar, 0.8f), found(kB, 0.7f)});
    const DetectScores scores = judge.scores();
    const double expected = (51 + 50 * 2.0 / 3) / 101;
    EXPECT_NEAR(scores.boxes.ap, expected, 1e-12);
    EXPECT_NEAR(scores.boxCurves[0][50], 1, 1e-12);
    EXPECT_NEAR(scores.boxCurves[0][51], 2.0 / 3, 1e-12);
    for (const double precision : judge.precisionByOverlap(false))
        EXPECT_NEAR(precision, expected, 1e-12);
}

TEST(DetectJudge, ASecondOneOfTheSameObjectIsWrong) {
    DetectJudge judge(1);
    judge.add(1, {there(kA)}, {found(kA, 0.9f), found(kA, 0.95f)});
    EXPECT_NEAR(judge.scores().boxes.ap, 1, 1e-12) << "the wrong one comes after full recall";
    judge.add(2, {there(kA)}, {});
    EXPECT_NEAR(judge.scores().boxes.ap, 51.0 / 101, 1e-12);
}

TEST(DetectJudge, CrowdsCountForNothing) {
    DetectJudge judge(1);
    judge.add(1, {there({0, 0, 200, 100}, 0, true), there(kFar)},
              {found(kA, 0.9f), found(kB, 0.8f), found(kFar, 0.1f)});
    EXPECT_NEAR(judge.scores().boxes.ap, 1, 1e-12);
    DetectJudge alone(1);
    alone.add(1, {there(kA, 0, true)}, {found(kA, 0.9f)});
    EXPECT_EQ(alone.scores().boxes.ap, -1);
}

TEST(DetectJudge, NothingFoundIsZeroAndNothingThereIsNoFigure) {
    DetectJudge judge(1);
    EXPECT_EQ(judge.scores().boxes.ap, -1);
    judge.add(1, {}, {found(kA, 0.5f)});
    EXPECT_EQ(judge.scores().boxes.ap, -1);
    judge.add(2, {there(kA)}, {});
    EXPECT_EQ(judge.scores().boxes.ap, 0);
}

TEST(DetectJudge, ObjectsThatCannotBeAreRefusedOrLeftOut) {
    DetectJudge judge(1);
    expectError(ErrorCode::Mismatch, [&] { judge.add(1, {there(kA, 1)}, {}); });
    expectError(ErrorCode::Mismatch, [&] { judge.add(1, {}, {found(kA, 1, -1)}); });
    expectError(ErrorCode::Usage, [] { DetectJudge none(0); });
    judge.add(1, {there(kA)}, {found(kA, NAN), found({0, 0, INFINITY, 3}, 1), found(kA, 0.2f)});
    EXPECT_NEAR(judge.scores().boxes.ap, 1, 1e-12);
}

/// Average precision at one overlap written down once more: every pair is looked at, precision at a recall is the best
/// of all later ones. Without crowds and ranges of area.
double plainPrecision(const std::map<std::int64_t, test::JudgedScene>& scenes, int label, double least) {
    struct Judged {
        double score;
        bool right;
    };
    std::vector<Judged> all;
    double wanted = 0;
    for (const auto& [id, scene] : scenes) {
        std::vector<const FoundObject*> objects;
        for (const FoundObject& object : scene.found)
            if (object.label == label) objects.push_back(&object);
        std::stable_sort(objects.begin(), objects.end(), [](auto* a, auto* b) { return a->score > b->score; });
        std::vector<bool> taken(scene.truth.size(), false);
        for (const TrueObject& object : scene.truth)
            wanted += object.label == label ? 1 : 0;
        for (const FoundObject* object : objects) {
            double best = -1;
            std::size_t match = scene.truth.size();
            for (std::size_t t = 0; t < scene.truth.size(); ++t) {
                const Box &a = object->box, &b = scene.truth[t].box;
                const double w = std::min(a[2], b[2]) - std::max(a[0], b[0]),
                             h = std::min(a[3], b[3]) - std::max(a[1], b[1]);
                const double shared = w > 0 && h > 0 ? w * h : 0;
                const double iou = shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared);
                if (scene.truth[t].label == label && !taken[t] && iou >= least && iou >= best) best = iou, match = t;
            }
            if (match < taken.size()) taken[match] = true;
            all.push_back({object->score, match < taken.size()});
        }
    }
    if (wanted == 0) return -1;
    std::stable_sort(all.begin(), all.end(), [](const Judged& a, const Judged& b) { return a.score > b.score; });
    double sum = 0;
    for (int r = 0; r <= 100; ++r) {
        double right = 0, best = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            right += all[i].right ? 1 : 0;
            if (right / wanted >= r * 0.01) best = std::max(best, right / static_cast<double>(i + 1));
        }
        sum += best;
    }
    return sum / 101;
}

TEST(DetectJudge, AgreesWithAPlainComputationOnRandomScenes) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        constexpr int kClasses = 3;
        test::SceneMaker maker(seed, kClasses, 64);
        std::map<std::int64_t, test::JudgedScene> scenes;
        DetectJudge judge(kClasses);
        for (std::int64_t id = 9; id > 0; --id) {
            test::JudgedScene scene = maker.make();
            for (TrueObject& object : scene.truth)
                object.crowd = false;
            judge.add(id, scene.truth, scene.found);
            scenes[id] = std::move(scene);
        }
        const DetectScores scores = judge.scores();
        for (int label = 0; label < kClasses; ++label) {
            double sum = 0;
            for (int t = 0; t < 10; ++t)
                sum += plainPrecision(scenes, label, 0.5 + 0.05 * t);
            EXPECT_NEAR(scores.boxAp[static_cast<std::size_t>(label)], sum / 10, 1e-9)
                << "seed " << seed << " class " << label;
        }
    }
}

}  // namespace
}  // namespace vl
