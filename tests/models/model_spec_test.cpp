// SPDX-License-Identifier: Apache-2.0
#include "engine/api/model_spec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "engine/core/error.h"

namespace vl {
namespace {

struct Published {
    const char* preset;
    std::int64_t parameters224, parameters384;
    double gigaMacs224, gigaMacs384;
};

// models.md 3.1, both resolutions, 1000 classes.
constexpr Published kTable[] = {{"illama_tiny", 5'701'096, 5'774'056, 1.254, 4.682},
                                {"illama_small", 22'018'024, 22'163'944, 4.599, 15.490},
                                {"illama_base", 86'502'376, 86'794'216, 17.564, 55.484},
                                {"illama_large", 310'445'032, 310'834'152, 62.794, 194.696}};

TEST(ModelSpec, CountsAndMacsAreThePublishedOnes) {
    for (const Published& row : kTable) {
        ModelSpec spec = findPreset(row.preset);
        EXPECT_EQ(spec.parameterCount(), row.parameters224) << row.preset;
        EXPECT_NEAR(static_cast<double>(spec.macs()) * 1e-9, row.gigaMacs224, 5e-4) << row.preset;
        spec.imageSize = 384;
        EXPECT_EQ(spec.parameterCount(), row.parameters384) << row.preset;
        EXPECT_NEAR(static_cast<double>(spec.macs()) * 1e-9, row.gigaMacs384, 5e-4) << row.preset;
    }
}

TEST(ModelSpec, LargeHeadsMatchTheTrainingLogs) {
    ModelSpec base = findPreset("illama_base"), large = findPreset("illama_large");
    base.numClasses = large.numClasses = 10450;
    EXPECT_EQ(base.parameterCount(), 93'769'426);
    EXPECT_EQ(large.parameterCount(), 320'131'282);
}

TEST(ModelSpec, HiddenWidthsFollowTheTable) {
    const int widths[][2] = {{64, 256},   {96, 256},   {128, 512},  {192, 512},   {256, 768},
                             {384, 1024}, {512, 1536}, {768, 2048}, {1024, 2816}, {1152, 3072}};
    for (const auto& [dim, hidden] : widths)
        EXPECT_EQ(swigluHidden(dim), hidden) << dim;
}

TEST(ModelSpec, PublishedPresetsFollowTheHiddenRuleAndHaveHeadsOf64) {
    for (const Published& row : kTable) {
        const ModelSpec& spec = findPreset(row.preset);
        EXPECT_EQ(spec.ffnHidden, swigluHidden(spec.dim)) << row.preset;
        EXPECT_EQ(spec.headDim(), 64) << row.preset;
        EXPECT_EQ(spec.tokens(), 197) << row.preset;
    }
}

TEST(ModelSpec, EveryPresetIsValidNamedOnceAndExplained) {
    std::set<std::string> names;
    for (const ModelSpec& spec : modelPresets()) {
        EXPECT_NO_THROW(validate(spec)) << spec.name;
        EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
        EXPECT_FALSE(spec.citation.empty()) << spec.name;
        EXPECT_FALSE(spec.note.empty()) << spec.name;
    }
}

TEST(ModelSpec, SmallPresetsSuitFashionPictures) {
    for (const char* name : {"illama_micro", "illama_tiny_fmnist"}) {
        const ModelSpec& spec = findPreset(name);
        EXPECT_EQ(spec.imageSize, 32);
        EXPECT_EQ(spec.inChannels, 1);
        EXPECT_EQ(spec.numClasses, 10);
        EXPECT_EQ(spec.tokens(), 65);
    }
    EXPECT_NEAR(static_cast<double>(findPreset("illama_micro").parameterCount()), 0.7e6, 0.05e6);
}

TEST(ModelSpec, UnknownPresetNamesTheNearestOne) {
    try {
        findPreset("ilama_tiny");
        FAIL() << "an unknown name was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::NotFound);
        EXPECT_NE(error.hint().find("illama_tiny"), std::string::npos) << error.hint();
    }
    EXPECT_THROW(findPreset(""), Error);
    EXPECT_THROW(findPreset(std::string(100000, 'x')), Error);
}

TEST(ModelSpec, SizesThatCannotFormAModelAreRefused) {
    const auto refused = [](auto change) {
        ModelSpec spec = findPreset("illama_tiny");
        change(spec);
        try {
            validate(spec);
            return false;
        } catch (const Error& error) {
            return error.code() == ErrorCode::Usage && !error.hint().empty();
        }
    };
    EXPECT_TRUE(refused([](ModelSpec& s) { s.heads = 5; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.heads = 0; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.heads = 64; }));  // head width 3
    EXPECT_TRUE(refused([](ModelSpec& s) { s.imageSize = 225; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.patchSize = 0; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.depth = -1; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.ffnHidden = 1 << 30; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.alpha = 1.5; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.alpha = std::nan(""); }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.ropeTheta = 0; }));
}

}  // namespace
}  // namespace vl
