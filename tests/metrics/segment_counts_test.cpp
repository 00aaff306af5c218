// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/random.h"
#include "engine/metrics/segment_counts.h"
#include "tests/core/expect_error.h"

namespace vl {
namespace {

using test::expectError;
using Labels = std::vector<std::uint8_t>;

TEST(SegmentCounts, CountsByHand) {
    SegmentCounts counts(4);
    counts.add(Labels{0, 0, 0, 1, 1, kNoClass}, Labels{0, 0, 1, 1, 2, 3});
    const SegmentScores scores = counts.scores();
    EXPECT_DOUBLE_EQ(scores.iou[0], 2.0 / 3);
    EXPECT_DOUBLE_EQ(scores.iou[1], 1.0 / 3);
    EXPECT_DOUBLE_EQ(scores.iou[2], 0) << "predicted and nowhere true";
    EXPECT_TRUE(std::isnan(scores.iou[3])) << "neither true nor predicted where truth counts";
    EXPECT_DOUBLE_EQ(scores.accuracy[0], 2.0 / 3);
    EXPECT_DOUBLE_EQ(scores.accuracy[1], 0.5);
    EXPECT_TRUE(std::isnan(scores.accuracy[2]));
    EXPECT_DOUBLE_EQ(scores.meanIou, 1.0 / 3);
    EXPECT_DOUBLE_EQ(scores.meanAccuracy, (2.0 / 3 + 0.5) / 2);
    EXPECT_DOUBLE_EQ(scores.pixelAccuracy, 3.0 / 5);
    EXPECT_EQ(scores.confusion[0 * 4 + 1], 1);
    EXPECT_EQ(scores.confusion[1 * 4 + 2], 1);
}

TEST(SegmentCounts, OfRandomMapsAreThoseOfSetsOfPixels) {
    const RandomStream random(5, 1);
    std::uint64_t draw = 0;
    for (int round = 0; round < 50; ++round) {
        const int classes = 1 + static_cast<int>(random.below(draw++, 7));
        Labels truth, found;
        SegmentCounts counts(classes);
        for (int picture = 0; picture < 3; ++picture) {
            Labels t, f;
            for (int i = 0; i < 40; ++i) {
                t.push_back(random.below(draw++, 8) == 0
                                ? kNoClass
                                : static_cast<std::uint8_t>(random.below(draw++, static_cast<std::uint64_t>(classes))));
                f.push_back(static_cast<std::uint8_t>(random.below(draw++, static_cast<std::uint64_t>(classes))));
            }
            SegmentCounts one(classes);
            one.add(t, f);
            counts.add(one);
            truth.insert(truth.end(), t.begin(), t.end());
            found.insert(found.end(), f.begin(), f.end());
        }
        const SegmentScores scores = counts.scores();
        for (int c = 0; c < classes; ++c) {
            double both = 0, either = 0;
            for (std::size_t i = 0; i < truth.size(); ++i) {
                if (truth[i] == kNoClass) continue;
                both += truth[i] == c && found[i] == c;
                either += truth[i] == c || found[i] == c;
            }
            EXPECT_DOUBLE_EQ(scores.iou[static_cast<std::size_t>(c)], both / either);
        }
    }
}

TEST(SegmentCounts, RefuseWhatDoesNotFitAndStayAsTheyWere) {
    SegmentCounts counts(2);
    counts.add(Labels{0, 1}, Labels{0, 1});
    expectError(ErrorCode::Mismatch, [&] { counts.add(Labels{0}, Labels{0, 1}); });
    expectError(ErrorCode::Mismatch, [&] { counts.add(Labels{0, 2}, Labels{0, 1}); });
    expectError(ErrorCode::Mismatch, [&] { counts.add(Labels{0, 1}, Labels{0, 9}); });
    expectError(ErrorCode::Mismatch, [&] { counts.add(SegmentCounts(3)); });
    expectError(ErrorCode::Usage, [] { SegmentCounts none(0); });
    expectError(ErrorCode::Usage, [] { SegmentCounts many(256); });
    EXPECT_EQ(counts.scores().confusion, (std::vector<std::int64_t>{1, 0, 0, 1}));
    counts.add(Labels{kNoClass}, Labels{200});
    EXPECT_EQ(counts.scores().pixelAccuracy, 1);
}

TEST(SegmentCounts, OfNothingAreNoNumbers) { EXPECT_TRUE(std::isnan(SegmentCounts(3).scores().meanIou)); }

}  // namespace
}  // namespace vl
