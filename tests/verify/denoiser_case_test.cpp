// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/verify/verify.h"

namespace vl {
namespace {

/// The smallest case with one field changed, replayed from memory.
bool passesChanged(const std::string& field, const nlohmann::json& value) {
    std::ifstream stream(std::filesystem::path(VL_SOURCE_DIR) / "tests/golden/DiT-S_8.json");
    nlohmann::json recorded = nlohmann::json::parse(stream);
    recorded[field] = value;
    CaseReport report({});
    replayDenoiser(recorded, report);
    return report.passed();
}

TEST(DenoiserCase, ChangedCasesAreMissesOrOneSentence) {
    const auto list = [](std::initializer_list<double> values) { return nlohmann::json(std::vector<double>(values)); };
    EXPECT_FALSE(passesChanged("latent", list({4, 1 << 13, 1 << 13})));  // would need gigabytes
    EXPECT_FALSE(passesChanged("num_classes", 1 << 20));
    EXPECT_FALSE(passesChanged("parameters", 5));
    EXPECT_FALSE(passesChanged("preset", "illama_tiny"));
    EXPECT_FALSE(passesChanged("blocks", nlohmann::json::array()));
    EXPECT_FALSE(passesChanged("y", list({3, 5})));
    EXPECT_THROW(passesChanged("y", list({3, 1001})), Error);
    EXPECT_THROW(passesChanged("t", list({3})), Error);
    EXPECT_THROW(passesChanged("latent", list({4, -8, 8})), Error);
    EXPECT_THROW(passesChanged("preset", "no such"), Error);
    EXPECT_THROW(passesChanged("latent", nlohmann::json::array()), nlohmann::json::exception);
    EXPECT_THROW(passesChanged("state_dict", list({1, 2})), nlohmann::json::exception);
}

}  // namespace
}  // namespace vl
