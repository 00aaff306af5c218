// SPDX-License-Identifier: Apache-2.0
// Every recorded case of tests/golden: the kinds this program replays pass at the recorded tolerances, and the others
// are named here, so that none is left out by accident.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

#include "engine/core/error.h"
#include "engine/verify/verify.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

/// Their numbers are compared by other tests: tests/train and tests/api read these files themselves.
constexpr std::array<std::string_view, 5> kComparedElsewhere{"recipe_groups_drop_path_illama_tiny", "recipe_layer_decay",
                                                             "recipe_mmengine_schedules", "recipe_optimizers",
                                                             "recipe_schedules"};

std::vector<std::string> caseNames() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(fs::path(VL_SOURCE_DIR) / "tests/golden"))
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

fs::path fileOf(const std::string& name) { return fs::path(VL_SOURCE_DIR) / "tests/golden" / (name + ".json"); }

bool comparedElsewhere(const std::string& name) {
    return std::find(kComparedElsewhere.begin(), kComparedElsewhere.end(), name) != kComparedElsewhere.end();
}

class RecordedCase : public ::testing::TestWithParam<std::string> {};

TEST_P(RecordedCase, IsReproduced) {
    if (comparedElsewhere(GetParam())) {
        try {
            verifyCase(fileOf(GetParam()), {});
            FAIL() << "this kind can be replayed now: take the file off the list";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::Unsupported) << error.message();
        }
        return;
    }
    const CaseReport report = verifyCase(fileOf(GetParam()), {});
    EXPECT_FALSE(report.rows().empty());
    for (const Deviation& row : report.rows())
        EXPECT_TRUE(row.passed()) << row.quantity << ": " << row.worst << " of " << row.tolerance << ". " << row.note;
}

INSTANTIATE_TEST_SUITE_P(Golden, RecordedCase, ::testing::ValuesIn(caseNames()), [](const auto& chosen) {
    std::string name = chosen.param;
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
    return name;
});

}  // namespace
}  // namespace vl
