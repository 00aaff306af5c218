// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>

#include "engine/core/error.h"
#include "engine/verify/verify.h"

namespace vl {
namespace {

using nlohmann::json;

/// 1 2 3 4 5 6: norm sqrt(91).
json summaryOfOneToSix() {
    return {{"shape", {2, 3}},       {"first", {1, 2}}, {"last", {5, 6}},
            {"l2", std::sqrt(91.0)}, {"sum", 21},       {"absmax", 6}};
}

CaseReport compare(const json& recorded, const at::Tensor& got, at::ScalarType precision = at::kFloat) {
    VerifyOptions options;
    options.precision = precision;
    CaseReport report(options);
    report.summary("x", recorded, got);
    return report;
}

at::Tensor oneToSix() { return at::arange(1, 7, at::kFloat).view({2, 3}); }

TEST(Summary, OfTheSameNumbersPasses) { EXPECT_TRUE(compare(summaryOfOneToSix(), oneToSix()).passed()); }

TEST(Summary, MissesEveryNumberThatIsChanged) {
    for (const char* field : {"l2", "sum", "absmax"}) {
        json changed = summaryOfOneToSix();
        changed[field] = changed[field].get<double>() * 1.01;
        EXPECT_FALSE(compare(changed, oneToSix()).passed()) << field;
    }
    for (const char* field : {"first", "last"}) {
        for (std::size_t i = 0; i < 2; ++i) {
            json changed = summaryOfOneToSix();
            changed[field][i] = changed[field][i].get<double>() + 0.01;
            EXPECT_FALSE(compare(changed, oneToSix()).passed()) << field << i;
        }
    }
    json transposed = summaryOfOneToSix();
    transposed["shape"] = {3, 2};
    const CaseReport report = compare(transposed, oneToSix());
    ASSERT_EQ(report.rows().size(), 1u);
    EXPECT_EQ(report.rows()[0].note, "shape is [2 x 3] instead of [3 x 2]");
}

TEST(Summary, MeasuresInUnitsOfTheLargestValue) {
    at::Tensor off = oneToSix();
    off[0][0] += 3e-4f;  // half of what 1e-4 of 6 allows
    const CaseReport near = compare(summaryOfOneToSix(), off);
    EXPECT_NEAR(near.rows()[0].worst, 5e-5, 1e-7);
    EXPECT_TRUE(near.rows()[0].passed());
    off[0][0] += 6e-4f;
    EXPECT_FALSE(compare(summaryOfOneToSix(), off).rows()[0].passed());
}

TEST(Summary, NeverPassesNumbersThatAreNotFinite) {
    at::Tensor broken = oneToSix();
    broken[1][0] = std::numeric_limits<float>::quiet_NaN();  // neither among the first nor the last
    EXPECT_FALSE(compare(summaryOfOneToSix(), broken).passed());
    broken[1][0] = std::numeric_limits<float>::infinity();
    EXPECT_FALSE(compare(summaryOfOneToSix(), broken).passed());
    EXPECT_FALSE(compare(summaryOfOneToSix(), at::Tensor()).passed());
}

TEST(Summary, GivesReducedPrecisionMoreRoom) {
    const at::Tensor off = oneToSix() * 1.005;
    EXPECT_FALSE(compare(summaryOfOneToSix(), off, at::kDouble).passed());
    EXPECT_TRUE(compare(summaryOfOneToSix(), off, at::kBFloat16).rows()[0].passed());
}

TEST(Exact, CountsDifferingEntries) {
    CaseReport report({});
    report.exact("ids", json{{3, 1}, {2, 0}}, at::tensor({3, 1, 2, 0}));
    report.exact("ids", json{3, 1, 2, 0}, at::tensor({3, 2, 1, 0}));
    report.exact("ids", json{3, 1}, at::tensor({3, 1, 2}));
    ASSERT_EQ(report.rows().size(), 3u);
    EXPECT_TRUE(report.rows()[0].passed());
    EXPECT_EQ(report.rows()[1].worst, 2);
    EXPECT_EQ(report.rows()[1].note, "first at entry 1");
    EXPECT_FALSE(report.rows()[2].passed());
}

TEST(Numbers, AreRelativeWithAFloor) {
    CaseReport report({});
    report.number("loss", 2, 2.002, 1e-4);
    report.number("tiny", 1e-9, 2e-9, 1e-4, 1);
    report.number("zero", 0, 0, 0);
    report.number("nan", 1, std::nan(""), 1);
    ASSERT_EQ(report.rows().size(), 4u);
    EXPECT_NEAR(report.rows()[0].worst, 1e-3, 1e-9);
    EXPECT_FALSE(report.rows()[0].passed());
    EXPECT_TRUE(report.rows()[1].passed());
    EXPECT_TRUE(report.rows()[2].passed());
    EXPECT_FALSE(report.rows()[3].passed());
}

TEST(Values, RefuseListsNestedBeyondAnyTensor) {
    json deep = 1;
    for (int i = 0; i < 100; ++i)
        deep = json::array({deep});
    CaseReport report({});
    EXPECT_THROW(report.values("x", deep, at::full({1}, 1.0), 1e-4), Error);
    EXPECT_THROW(report.exact("x", deep, at::full({1}, 1.0)), Error);
}

TEST(Report, OfNothingDoesNotPass) { EXPECT_FALSE(CaseReport({}).passed()); }

}  // namespace
}  // namespace vl
