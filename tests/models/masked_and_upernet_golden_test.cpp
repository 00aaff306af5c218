// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cctype>
#include <string>

#include "engine/verify/verify.h"
#include "tests/models/golden_case.h"

namespace vl {
namespace {

class GoldenReplay : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenReplay, EveryRecordedNumberIsReproduced) {
    const CaseReport report = verifyCase(std::string(VL_SOURCE_DIR) + "/tests/golden/" + GetParam() + ".json", {});
    EXPECT_FALSE(report.rows().empty());
    for (const Deviation& row : report.rows())
        EXPECT_LE(row.worst, row.tolerance) << row.quantity << ": " << row.note;
}

std::string caseName(const ::testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    for (char& c : name)
        c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Masked, GoldenReplay, ::testing::ValuesIn(test::goldenNames("mae_")), caseName);
INSTANTIATE_TEST_SUITE_P(UperNet, GoldenReplay, ::testing::ValuesIn(test::goldenNames("upernet_")), caseName);

}  // namespace
}  // namespace vl
