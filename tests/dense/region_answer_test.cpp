// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <numeric>

#include <ATen/ops/arange.h>
#include <ATen/ops/tensor.h>

#include "engine/data/run_mask.h"
#include "engine/dense/predictor.h"
#include "engine/dense/region_rows.h"
#include "tests/core/expect_error.h"
#include "tests/dense/tiny_dense_models.h"

namespace vl {
namespace {

using test::filledModel;
using test::noisyPicture;

AttentionGeometry grid(int rows, int columns) {
    AttentionGeometry geometry;
    geometry.queryRows = geometry.keyRows = rows;
    geometry.queryCols = geometry.keyCols = columns;
    geometry.tokens = rows * columns;
    return geometry;
}

TEST(RegionRows, PatchesAreThoseWithAPixelOfTheRegion) {
    // 8 x 4 pixels on 2 x 4 patches of 2 px; pixels (1..2, 0..1) touch columns 0 and 1 of row 0
    const RunMask region = runMaskOfBox({1, 0, 2, 2}, 8, 4);
    EXPECT_EQ(patchesUnder(region, grid(2, 4), 4, 2), (std::vector<std::int64_t>{0, 1}));
    // Only half of the grid's columns are picture.
    EXPECT_EQ(patchesUnder(runMaskOfBox({7, 3, 1, 1}, 8, 4), grid(2, 4), 2, 2), (std::vector<std::int64_t>{5}));
    test::expectError(ErrorCode::Usage, [] { patchesUnder({8, 4, {32}}, grid(2, 4), 4, 2); });
    test::expectError(ErrorCode::Mismatch, [] { patchesUnder({8, 4, {2, 99}}, grid(2, 4), 4, 2); });
}

TEST(RegionRows, WholeGridRowsAreAveragedOverPatchesAndHeads) {
    const at::Tensor softmax = at::arange(0, 32, at::kFloat).view({1, 2, 4, 4});  // heads differ by 16
    const GridMap one = meanRows(softmax, grid(2, 2), {1, 3}, 1, 1);
    EXPECT_EQ(one.values, (std::vector<float>{24, 25, 26, 27}));  // rows 20.. and 28..
    const GridMap mean = meanRows(softmax, grid(2, 2), {1}, -1, 1);
    EXPECT_EQ(mean.values, (std::vector<float>{12, 13, 14, 15}));
    const GridMap masked = meanRows(softmax, grid(2, 2), {1}, 0, 0.5);  // keys after the query count half
    EXPECT_EQ(masked.values, (std::vector<float>{4, 5, 3, 3.5}));
}

TEST(RegionRows, LocalWindowsLieOnTheGridAndLeaveTheRestEmpty) {
    AttentionGeometry geometry = grid(3, 3);
    geometry.window = 2;
    geometry.windowRows = geometry.windowCols = 2;  // reach one past the grid
    const at::Tensor softmax = at::arange(0, 64, at::kFloat).view({4, 1, 4, 4});
    // Patch (1, 2): window 1, place (1, 0) in it: row 2, keys 24 .. 27, of which the right column is past the grid.
    const GridMap map = meanRows(softmax, geometry, {5}, 0, 1);
    EXPECT_EQ(map.values, (std::vector<float>{0, 0, 24, 0, 0, 26, 0, 0, 0}));
}

TEST(RegionRows, PooledKeysHaveAGridOfTheirOwnAndClassTokensNone) {
    AttentionGeometry pooled = grid(4, 4);
    pooled.keyRows = pooled.keyCols = 2;
    pooled.keyStep = 2;
    const GridMap map = meanRows(at::arange(0, 64, at::kFloat).view({1, 1, 16, 4}), pooled, {15}, -1, 1);
    EXPECT_EQ(map.rows, 2);
    EXPECT_EQ(map.values, (std::vector<float>{60, 61, 62, 63}));
    AttentionGeometry token = grid(1, 2);
    token.tokens = 3, token.classTokenIndex = 0, token.firstPatchToken = 1;
    EXPECT_EQ(meanRows(at::arange(0, 9, at::kFloat).view({1, 1, 3, 3}), token, {0}, -1, 1).values,
              (std::vector<float>{4, 5}));
}

TEST(RegionRows, PaddingIsCutAwayAndCellsSplitByArea) {
    const GridMap map{1, 4, {1, 2, 4, 8}};
    EXPECT_EQ(pictureGrid(map, 1, 4, false).values, map.values);
    // Three and a half cells become four of 7/8: the first is cell 0 alone, the second 1/8 of it and 3/4 of cell 1 ...
    const GridMap means = pictureGrid(map, 1, 3.5, false);
    ASSERT_EQ(means.columns, 4);
    EXPECT_NEAR(means.values[0], 1, 1e-6);
    EXPECT_NEAR(means.values[1], (0.125 * 1 + 0.75 * 2) / 0.875, 1e-6);
    EXPECT_NEAR(means.values[3], (0.375 * 4 + 0.5 * 8) / 0.875, 1e-6);
    const GridMap shares = pictureGrid(map, 1, 3, true);
    EXPECT_EQ(shares.columns, 3);
    EXPECT_NEAR(shares.values[2], 4.0 / 7, 1e-6);
}

class EveryModel : public ::testing::TestWithParam<const char*> {
protected:
    static ModelSpec spec() {
        const std::string name = GetParam();
        return name.starts_with("upernet") ? test::tinySegmenterSpec(name) : test::tinyDetectorSpec(name);
    }
};
INSTANTIATE_TEST_SUITE_P(AnswerRegion, EveryModel,
                         ::testing::Values("upernet_pllama_as_small", "upernet_vision_llama_base", "upernet_illama_tiny",
                                           "mask_rcnn_pllama_base", "vitdet_vision_llama_base"));

TEST_P(EveryModel, SharesOfEveryLayerSumToOne) {
    const auto model = filledModel(spec());
    const Image picture = noisyPicture(120, 70);
    RegionQuestion question;
    question.id = 9;
    question.request = 4;
    question.region = runMaskOfBox({30, 20, 40, 30}, 120, 70);
    for (int layer = -1; layer < model->layers(); ++layer) {
        question.layer = layer;
        const RegionAnswer answer = answerRegion(*model, picture, question);
        EXPECT_EQ(answer.question, 9u);
        ASSERT_EQ(answer.values.size(), static_cast<std::size_t>(answer.rows * answer.columns)) << layer;
        EXPECT_NEAR(std::accumulate(answer.values.begin(), answer.values.end(), 0.0), 1, 1e-4) << layer;
        EXPECT_GE(answer.columns, answer.rows);
        EXPECT_TRUE(test::has(answer.what, "mean of")) << answer.what;
    }
    question.layer = model->layers();
    test::expectError(ErrorCode::Usage, [&] { answerRegion(*model, picture, question); });
    question.layer = 0;
    question.head = 64;
    test::expectError(ErrorCode::Usage, [&] { answerRegion(*model, picture, question); });
    test::expectError(ErrorCode::Mismatch, [&] { answerRegion(*model, noisyPicture(8, 8), question); });
}

TEST_P(EveryModel, LevelsOfFeaturesGetCoarser) {
    const auto model = filledModel(spec());
    RegionQuestion question;
    question.what = RegionQuestion::What::Features;
    int rows = 1 << 20;
    for (int level = 0; level < 4; ++level) {
        question.level = level;
        const RegionAnswer answer = answerRegion(*model, noisyPicture(100, 100), question);
        EXPECT_LT(answer.rows, rows);
        rows = answer.rows;
        EXPECT_TRUE(test::has(answer.what, "level " + std::to_string(level) + ", stride ")) << answer.what;
        for (const float value : answer.values) ASSERT_GE(value, 0);
    }
    question.level = 5;
    test::expectError(ErrorCode::Usage, [&] { answerRegion(*model, noisyPicture(100, 100), question); });
}

}  // namespace
}  // namespace vl
