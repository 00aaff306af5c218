// SPDX-License-Identifier: Apache-2.0
// Cases somebody else recorded, damaged or made up: one sentence, or a miss.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

#include "engine/core/error.h"
#include "engine/verify/verify.h"

namespace vl {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class HostileCase : public ::testing::Test {
protected:
    HostileCase() : folder_(fs::temp_directory_path() / ("vl_case_" + std::to_string(::getpid()))) {
        fs::create_directories(folder_);
    }
    ~HostileCase() override { fs::remove_all(folder_); }

    fs::path write(const std::string& text) const {
        const fs::path file = folder_ / "case.json";
        std::ofstream(file, std::ios::binary) << text;
        return file;
    }
    void expectRefused(const std::string& text, ErrorCode code) const {
        try {
            verifyCase(write(text), {});
            FAIL() << "accepted " << text.substr(0, 80);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), code) << error.message();
            EXPECT_FALSE(error.message().empty());
            EXPECT_EQ(error.message().find('\n'), std::string::npos);
            EXPECT_LT(error.message().size(), 400u);
        }
    }

    fs::path folder_;
};

json recorded(const std::string& name) {
    std::ifstream stream(fs::path(VL_SOURCE_DIR) / "tests/golden" / (name + ".json"));
    return json::parse(stream);
}

bool passes(const fs::path& file) { return verifyCase(file, {}).passed(); }

TEST_F(HostileCase, WhatIsNoCaseIsRefused) {
    expectRefused("", ErrorCode::BadFile);
    expectRefused("[1, 2]", ErrorCode::BadFile);
    expectRefused("{\"case\": ", ErrorCode::BadFile);
    expectRefused(std::string(200000, '['), ErrorCode::BadFile);
    expectRefused("\xff\xfe\0\0", ErrorCode::BadFile);
    EXPECT_THROW(verifyCase(folder_, {}), Error);
    try {
        verifyCase(folder_ / "absent.json", {});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::NotFound);
    }
}

TEST_F(HostileCase, AKindNobodyKnowsIsNamed) {
    expectRefused(R"({"kind": "flow \u0007 matching"})", ErrorCode::Unsupported);
    expectRefused(json{{"kind", std::string(100000, 'k')}}.dump(), ErrorCode::Unsupported);
}

TEST_F(HostileCase, EveryKindSaysThatFieldsAreMissing) {
    for (const CaseKind& kind : caseKinds())
        expectRefused(json{{"kind", kind.kind}}.dump(), ErrorCode::BadFile);
    expectRefused("{}", ErrorCode::BadFile);
}

TEST_F(HostileCase, FieldsOfAnotherTypeOrSizeAreRefused) {
    const json sound = recorded("illama_tiny_224_alpha0.0");
    const auto with = [&](const char* field, const json& value) {
        json changed = sound;
        changed[field] = value;
        return changed.dump();
    };
    expectRefused(with("preset", 3), ErrorCode::BadFile);
    expectRefused(with("preset", "illama_enormous"), ErrorCode::NotFound);
    expectRefused(with("image_size", "wide"), ErrorCode::BadFile);
    expectRefused(with("image_size", 225), ErrorCode::Usage);
    expectRefused(with("image_size", 2000000000), ErrorCode::Usage);
    expectRefused(with("num_classes", -1), ErrorCode::Usage);
    expectRefused(with("num_classes", 1e300), ErrorCode::Usage);
    expectRefused(with("logits", json::array()), ErrorCode::BadFile);
}

TEST_F(HostileCase, OneChangedNumberIsAMiss) {
    json sound = recorded("illama_tiny_224_alpha0.0");
    ASSERT_TRUE(passes(write(sound.dump())));
    json changed = sound;
    changed["logits"]["first"][3] = changed["logits"]["first"][3].get<double>() + 0.01;
    EXPECT_FALSE(passes(write(changed.dump())));
    changed = sound;
    changed["blocks"][7]["l2"] = changed["blocks"][7]["l2"].get<double>() * 1.0001;
    EXPECT_FALSE(passes(write(changed.dump())));
    changed = sound;
    changed["state_dict"][5][1][0] = 7;
    EXPECT_FALSE(passes(write(changed.dump())));
    changed = sound;
    changed["soft_mask"] = 0.5;
    EXPECT_FALSE(passes(write(changed.dump())));
}

TEST_F(HostileCase, OneChangedNumberOfASpectrumIsAMiss) {
    json changed = recorded("analysis_attention_rank_illama_tiny");
    json& head = changed["layers"][2]["heads"][1];
    head["mean_curve"]["k_star"] = head["mean_curve"]["k_star"].get<int>() + 1;
    head["rows_normalised"]["effective_rank"] = head["rows_normalised"]["effective_rank"].get<double>() * 1.001;
    std::size_t misses = 0;
    const CaseReport report = verifyCase(write(changed.dump()), {});
    for (const Deviation& row : report.rows())
        misses += row.passed() ? 0 : 1;
    EXPECT_EQ(misses, 2u);
}

TEST_F(HostileCase, OneChangedFigureOfDensePredictionIsAMiss) {
    const auto expectMiss = [this](const char* name, const char* pointer, const json& value) {
        json changed = recorded(name);
        ASSERT_TRUE(passes(write(changed.dump())));
        changed[json::json_pointer(pointer)] = value;
        EXPECT_FALSE(passes(write(changed.dump()))) << name << pointer;
    };
    const json figures = recorded("detection_coco_ap");
    expectMiss("detection_coco_ap", "/bbox/stats/9", figures["bbox"]["stats"][9].get<double>() + 1e-5);
    expectMiss("detection_coco_ap", "/segm/AP_per_category/3", 0.5);
    expectMiss("detection_coco_ap", "/segm/AP_per_iou/9", 1e-3);
    expectMiss("detection_coco_ap", "/results/0/category_id", 7);
    expectMiss("segmentation_metrics", "/sets/1/area_pred/2", 140);
    expectMiss("segmentation_metrics", "/sets/2/IoU/6", 0);
    expectMiss("segmentation_metrics", "/sets/0/mean_over_finite/Acc", 0.5);
}

TEST_F(HostileCase, DensePredictionOfImpossibleSizesIsRefused) {
    json changed = recorded("segmentation_metrics");
    changed["sets"][0]["shape"][1] = 2000000000;
    expectRefused(changed.dump(), ErrorCode::BadFile);
    changed = recorded("detection_coco_ap");
    changed["annotations"]["annotations"][0]["segmentation"] = json::array({json::array()});
    expectRefused(changed.dump(), ErrorCode::BadFile);
    changed["annotations"] = 3;
    expectRefused(changed.dump(), ErrorCode::BadFile);
}

}  // namespace
}  // namespace vl
