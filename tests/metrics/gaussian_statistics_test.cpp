// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/diag.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/outer.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/metrics/gaussian_statistics.h"
#include "engine/nn/recorded_fill.h"
#include "tests/core/expect_error.h"

namespace vl {
namespace {

using test::expectError;

at::Tensor row(at::ArrayRef<double> values) { return at::tensor(values, at::kDouble); }

at::Tensor square(double a, double b, double c, double d) { return row({a, b, c, d}).view({2, 2}); }

double distanceOfCovariances(const at::Tensor& first, const at::Tensor& second) {
    const at::Tensor zero = at::zeros({first.size(0)}, at::kDouble);
    return frechetDistance(zero, first, zero, second);
}

TEST(GaussianStatistics, AgreeWithMomentsOfTheWholeWhateverTheBatches) {
    const at::Tensor all = recordedStream("features", {37, 5}).to(at::kDouble) + 1000;
    GaussianStatistics streamed;
    for (const auto& [from, count] : {std::pair{0, 1}, {1, 20}, {21, 0}, {21, 16}})
        streamed.add(all.narrow(0, from, count));
    EXPECT_EQ(streamed.count(), 37);
    const at::Tensor mean = all.sum(0) / 37, centred = all - mean;
    EXPECT_TRUE(at::allclose(streamed.mean(), mean, 1e-14, 0));
    EXPECT_TRUE(at::allclose(streamed.covariance(), at::matmul(centred.t(), centred) / 36, 1e-10, 1e-12));
    EXPECT_EQ(streamed.mean().scalar_type(), at::kDouble);
}

TEST(GaussianStatistics, TakesHandWorkedPairs) {
    GaussianStatistics statistics;
    statistics.add(at::tensor({1.0f, 2.0f, 3.0f, 6.0f}).view({2, 2}));
    EXPECT_TRUE(statistics.mean().equal(row({2, 4})));
    EXPECT_TRUE(statistics.covariance().equal(square(2, 4, 4, 8)));
}

TEST(GaussianStatistics, RefusesWhatItCannotAdd) {
    GaussianStatistics statistics;
    expectError(ErrorCode::Usage, [&] { statistics.mean(); });
    statistics.add(at::zeros({1, 3}));
    expectError(ErrorCode::Usage, [&] { statistics.covariance(); });
    expectError(ErrorCode::Mismatch, [&] { statistics.add(at::zeros({1, 4})); });
    expectError(ErrorCode::Mismatch, [&] { statistics.add(at::zeros({3})); });
    expectError(ErrorCode::NonFinite, [&] {
        statistics.add(at::full({1, 3}, std::numeric_limits<float>::quiet_NaN()));
    });
    EXPECT_EQ(statistics.count(), 1);
}

TEST(FrechetDistance, OfScalarsIsTheSquaredDistanceOfMeansAndDeviations) {
    EXPECT_NEAR(frechetDistance(row({1}), row({4}).view({1, 1}), row({-2}), row({25}).view({1, 1})), 9 + 9, 1e-12);
}

TEST(FrechetDistance, OfIndependentFeaturesIsTheSumOfTheirs) {
    const at::Tensor m1 = row({0, 1, 2}), m2 = row({1, 1, 0});
    EXPECT_NEAR(frechetDistance(m1, at::diag(row({1, 4, 9})), m2, at::diag(row({4, 4, 0}))), 1 + 0 + 4 + (1 + 0 + 9),
                1e-12);
}

TEST(FrechetDistance, OfRotatedCovariancesFollowsTheRootsTrace) {
    // For 2 x 2: tr M^(1/2) = (tr M + 2 (det M)^(1/2))^(1/2).
    const double angle = 0.7, c = std::cos(angle), s = std::sin(angle);
    const at::Tensor turn = square(c, -s, s, c), first = at::diag(row({5, 2}));
    const at::Tensor second = at::matmul(at::matmul(turn, at::diag(row({3, 0.25}))), turn.t());
    const double trace = at::matmul(first, second).trace().item<double>();
    const double root = std::sqrt(trace + 2 * std::sqrt(5 * 2 * 3 * 0.25));
    EXPECT_NEAR(distanceOfCovariances(first, second), 5 + 2 + 3 + 0.25 - 2 * root, 1e-12);
    EXPECT_NEAR(distanceOfCovariances(second, first), 5 + 2 + 3 + 0.25 - 2 * root, 1e-12);
}

TEST(FrechetDistance, OfOneThingWithItselfIsZero) {
    const at::Tensor samples = recordedStream("features", {40, 8}).to(at::kDouble);
    const at::Tensor covariance = at::matmul(samples.t(), samples);
    EXPECT_NEAR(distanceOfCovariances(covariance, covariance), 0, 1e-9);
}

TEST(FrechetDistance, TakesCovariancesOfFewerPicturesThanFeatures) {
    // One direction each: tr (v v' w w')^(1/2) = |v w|.
    const at::Tensor v = row({1, 2, 3, 4}), w = row({2, -1, 0, 1});
    EXPECT_NEAR(distanceOfCovariances(at::outer(v, v), at::outer(w, w)), 30 + 6 - 2 * 4, 1e-6);
}

TEST(FrechetDistance, RefusesStatisticsThatDoNotBelongTogether) {
    const at::Tensor two = at::zeros({2}), three = at::zeros({3}), eye2 = at::eye(2), eye3 = at::eye(3);
    expectError(ErrorCode::Mismatch, [&] { frechetDistance(two, eye2, three, eye3); });
    expectError(ErrorCode::Mismatch, [&] { frechetDistance(two, eye3, two, eye2); });
    expectError(ErrorCode::Mismatch, [&] { frechetDistance({}, {}, {}, {}); });
    expectError(ErrorCode::NonFinite, [&] { frechetDistance(two, eye2 * NAN, two, eye2); });
}

}  // namespace
}  // namespace vl
