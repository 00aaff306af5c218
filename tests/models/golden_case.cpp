// SPDX-License-Identifier: Apache-2.0
#include "tests/models/golden_case.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace vl::test {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(VL_SOURCE_DIR) / "tests" / "golden";

}  // namespace

nlohmann::json loadGolden(const std::string& name) {
    std::ifstream file(kFolder / (name + ".json"));
    return nlohmann::json::parse(file);
}

std::vector<std::string> goldenNames(const std::string& prefix) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
        const std::string stem = entry.path().stem().string();
        if (entry.path().extension() == ".json" && stem.starts_with(prefix)) names.push_back(stem);
    }
    std::sort(names.begin(), names.end());
    return names;
}

ModelSpec specOf(const nlohmann::json& recorded) {
    ModelSpec spec = findPreset(recorded.at("preset").get<std::string>());
    spec.imageSize = recorded.at("image_size");
    spec.numClasses = recorded.at("num_classes");
    spec.alpha = recorded.at("soft_mask");
    return spec;
}

void expectMatches(const at::Tensor& actual, const nlohmann::json& summary, const std::string& what) {
    ASSERT_EQ(actual.sizes().vec(), summary.at("shape").get<std::vector<std::int64_t>>()) << what;
    const at::Tensor flat = actual.detach().flatten().to(at::kDouble).contiguous();
    const double* values = flat.data_ptr<double>();
    const double tolerance = 1e-4 * summary.at("absmax").get<double>();
    const auto& first = summary.at("first");
    for (std::size_t i = 0; i < first.size(); ++i)
        EXPECT_NEAR(values[i], first[i].get<double>(), tolerance) << what << " value " << i;
    const auto& last = summary.at("last");
    const double* end = values + flat.numel() - static_cast<std::int64_t>(last.size());
    for (std::size_t i = 0; i < last.size(); ++i)
        EXPECT_NEAR(end[i], last[i].get<double>(), tolerance) << what << " value from the end " << i;
    const double norm = summary.at("l2");
    EXPECT_NEAR(flat.norm().item<double>(), norm, 1e-5 * norm) << what << " norm";
}

}  // namespace vl::test
