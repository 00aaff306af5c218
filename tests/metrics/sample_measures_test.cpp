// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/full.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/metrics/inception_score.h"
#include "engine/metrics/precision_recall.h"
#include "engine/nn/recorded_fill.h"
#include "tests/core/expect_error.h"

namespace vl {
namespace {

using test::expectError;

/// The definition, number by number: mean over splits of exp(mean over pictures of KL(p | mean p)).
double directScore(const at::Tensor& probabilities, std::int64_t split) {
    double total = 0;
    int splits = 0;
    for (std::int64_t from = 0; from < probabilities.size(0); from += split, ++splits) {
        const at::Tensor part = probabilities.narrow(0, from, std::min(split, probabilities.size(0) - from));
        const at::Tensor mean = part.sum(0) / static_cast<double>(part.size(0));
        double divergence = 0;
        for (std::int64_t i = 0; i < part.size(0); ++i)
            for (std::int64_t j = 0; j < part.size(1); ++j) {
                const double p = part[i][j].item<double>(), q = mean[j].item<double>();
                if (p > 0) divergence += p * (std::log(p) - std::log(q));
            }
        total += std::exp(divergence / static_cast<double>(part.size(0)));
    }
    return total / splits;
}

TEST(InceptionScore, FollowsItsDefinitionWhateverTheBatches) {
    const at::Tensor probabilities = at::softmax(recordedStream("p", {23, 6}).to(at::kDouble) * 4, 1);
    for (const std::int64_t split : {5, 23, 100}) {
        InceptionScore score(split);
        for (const auto& [from, count] : {std::pair{0, 7}, {7, 1}, {8, 15}})
            score.add(probabilities.narrow(0, from, count));
        EXPECT_EQ(score.count(), 23);
        EXPECT_NEAR(score.value(), directScore(probabilities, split), 1e-12) << split;
    }
}

TEST(InceptionScore, IsTheNumberOfClassesForSurePicturesOfEachAndOneForUnsureOnes) {
    InceptionScore sure, unsure;
    sure.add(at::eye(10));
    unsure.add(at::full({10, 4}, 0.25));
    EXPECT_NEAR(sure.value(), 10, 1e-12);
    EXPECT_NEAR(unsure.value(), 1, 1e-12);
}

TEST(InceptionScore, RefusesWhatItCannotScore) {
    InceptionScore score;
    expectError(ErrorCode::Usage, [&] { score.value(); });
    score.add(at::eye(3));
    expectError(ErrorCode::Mismatch, [&] { score.add(at::eye(4)); });
    expectError(ErrorCode::NonFinite, [&] { score.add(at::full({1, 3}, std::numeric_limits<float>::infinity())); });
}

double squaredDistance(const at::Tensor& a, const at::Tensor& b) { return (a - b).square().sum().item<double>(); }

std::vector<double> directRadii(const at::Tensor& features, std::size_t neighbours) {
    std::vector<double> radii;
    for (std::int64_t i = 0; i < features.size(0); ++i) {
        std::vector<double> others;
        for (std::int64_t j = 0; j < features.size(0); ++j)
            if (j != i) others.push_back(squaredDistance(features[i], features[j]));
        std::sort(others.begin(), others.end());
        radii.push_back(others[neighbours - 1]);
    }
    return radii;
}

/// Share of `queries` inside a ball about one of `centres`.
double directShare(const at::Tensor& queries, const at::Tensor& centres, const std::vector<double>& radii) {
    int inside = 0;
    for (std::int64_t i = 0; i < queries.size(0); ++i) {
        bool found = false;
        for (std::int64_t j = 0; j < centres.size(0); ++j)
            found |= squaredDistance(queries[i], centres[j]) <= radii[static_cast<std::size_t>(j)];
        inside += found;
    }
    return inside / static_cast<double>(queries.size(0));
}

TEST(PrecisionRecall, FollowsItsDefinitionWhateverTheBlocks) {
    const at::Tensor real = recordedStream("real", {29, 3}).to(at::kDouble);
    const at::Tensor made = recordedStream("made", {17, 3}).to(at::kDouble) * 0.8 + 0.5;
    const double precision = directShare(made, real, directRadii(real, 3));
    const double recall = directShare(real, made, directRadii(made, 3));
    ASSERT_GT(precision, 0.1);
    ASSERT_LT(recall, 0.9);
    for (const auto& [rows, columns] : {std::pair{1024, 4096}, {4, 7}, {7, 4}, {1, 1}}) {
        PrecisionRecallOptions options;
        options.rows = rows;
        options.columns = columns;
        double last = 0;
        options.progress = [&](double share) { last = share; };
        const auto found = precisionRecall(real, made, options);
        EXPECT_DOUBLE_EQ(found.precision, precision);
        EXPECT_DOUBLE_EQ(found.recall, recall);
        EXPECT_DOUBLE_EQ(last, 1);
        const auto radii = directRadii(real, 3);
        EXPECT_TRUE(at::allclose(manifoldRadii(real, options), at::tensor(radii, at::kDouble), 1e-10, 1e-12));
    }
}

TEST(PrecisionRecall, OfPointsOnALineIsHandWorked) {
    // Radii of 0, 1, 2, 3, 4 (3 neighbours): 3, 2, 2, 2, 3.
    const at::Tensor line = at::arange(5, at::kDouble).unsqueeze(1);
    EXPECT_TRUE(manifoldRadii(line).equal(at::tensor({9, 4, 4, 4, 9}, at::kDouble)));
    // Shifted by 6: 6 and 7 are within 3 of 4; 3 and 4 within 3 of 6.
    const auto found = precisionRecall(line, line + 6);
    EXPECT_DOUBLE_EQ(found.precision, 2.0 / 5);
    EXPECT_DOUBLE_EQ(found.recall, 2.0 / 5);
    EXPECT_DOUBLE_EQ(precisionRecall(line, line + 100).precision, 0);
    EXPECT_DOUBLE_EQ(precisionRecall(line, line).recall, 1);
}

TEST(PrecisionRecall, OfCopiesHasBallsOfNoSize) {
    const at::Tensor copies = at::full({5, 2}, 1234.5678);
    EXPECT_TRUE(manifoldRadii(copies).equal(at::zeros({5}, at::kDouble)));
    EXPECT_DOUBLE_EQ(precisionRecall(copies, copies).precision, 1);
}

TEST(PrecisionRecall, RefusesTooFewAndDifferentFeatures) {
    expectError(ErrorCode::Usage, [] { precisionRecall(at::zeros({3, 2}), at::zeros({9, 2})); });
    expectError(ErrorCode::Usage, [] { precisionRecall(at::zeros({9, 2}), at::zeros({3, 2})); });
    expectError(ErrorCode::Mismatch, [] { precisionRecall(at::zeros({9, 2}), at::zeros({9, 3})); });
    expectError(ErrorCode::Mismatch, [] { manifoldRadii(at::zeros({9})); });
    expectError(ErrorCode::NonFinite, [] { manifoldRadii(at::zeros({9, 2}) / 0); });
}

}  // namespace
}  // namespace vl
