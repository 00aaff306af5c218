// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cctype>

#include "engine/verify/verify.h"

namespace vl {
namespace {

class GoldenDenoiser : public ::testing::TestWithParam<const char*> {};

TEST_P(GoldenDenoiser, NamesBlocksAndGuidanceAreThePublishedOnes) {
    const std::filesystem::path folder = std::filesystem::path(VL_SOURCE_DIR) / "tests" / "golden";
    const CaseReport report = verifyCase(folder / (std::string(GetParam()) + ".json"), {});
    for (const Deviation& row : report.rows())
        EXPECT_LE(row.worst, row.tolerance) << row.quantity << ": " << row.note;
    EXPECT_GT(report.rows().size(), 20u);
}

std::string caseName(const ::testing::TestParamInfo<const char*>& recorded) {
    std::string name = recorded.param;
    for (char& c : name)
        c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Denoiser, GoldenDenoiser,
                         ::testing::Values("DiT-S_8", "SiT-S_8", "DiTLLaMA_B_4", "DiTLLaMA_XL_4", "SiTLLaMA_S_2",
                                           "SiTLLaMA_L_2"),
                         caseName);

}  // namespace
}  // namespace vl
