// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/api/model_spec.h"
#include "engine/core/error.h"

namespace vl {
namespace {

struct Published {
    const char* preset;
    std::int64_t parameters, trainable;  ///< trainable 0: not stated
    double gigaMacs, digit;              ///< digit: the last one stated; gigaMacs 0: not stated
};

// models.md 7.1.
constexpr Published kTable[] = {
    {"DiTLLaMA_B_4", 130'429'568, 130'380'416, 5.57, 0.01}, {"DiTLLaMA_L_4", 464'222'336, 464'156'800, 20.1, 0.1},
    {"DiTLLaMA_XL_4", 674'913'152, 674'839'424, 29.0, 0.1}, {"DiTLLaMA_XL_2", 674'968'352, 674'673'440, 118.6, 0.1},
    {"SiTLLaMA_S_2", 32'940'320, 32'842'016, 6.06, 0.01},   {"SiTLLaMA_B_2", 130'466'336, 130'269'728, 23.0, 0.1},
    {"SiTLLaMA_L_2", 464'271'392, 464'009'248, 82.3, 0.1},  {"SiTLLaMA_XL_2", 674'968'352, 674'673'440, 0, 0},
    {"DiT-XL/2", 675'129'632, 0, 0, 0},                     {"DiT-XL/4", 675'074'432, 0, 0, 0},
    {"DiT-XL/8", 675'683'072, 0, 0, 0},                     {"DiT-L/2", 458'102'816, 0, 0, 0},
    {"DiT-L/4", 458'053'760, 0, 0, 0},                      {"DiT-L/8", 458'594'816, 0, 0, 0},
    {"DiT-B/2", 130'512'416, 0, 0, 0},                      {"DiT-B/4", 130'475'648, 0, 0, 0},
    {"DiT-B/8", 130'881'536, 0, 0, 0},                      {"DiT-S/2", 32'963'360, 0, 0, 0},
    {"DiT-S/4", 32'945'024, 0, 0, 0},                       {"DiT-S/8", 33'148'160, 33'142'016, 0, 0},
    {"SiT-XL/2", 675'129'632, 0, 0, 0},                     {"SiT-XL/4", 675'074'432, 0, 0, 0},
    {"SiT-XL/8", 675'683'072, 0, 0, 0},                     {"SiT-L/2", 458'102'816, 0, 0, 0},
    {"SiT-L/4", 458'053'760, 0, 0, 0},                      {"SiT-L/8", 458'594'816, 0, 0, 0},
    {"SiT-B/2", 130'512'416, 0, 0, 0},                      {"SiT-B/4", 130'475'648, 0, 0, 0},
    {"SiT-B/8", 130'881'536, 0, 0, 0},                      {"SiT-S/2", 32'963'360, 0, 0, 0},
    {"SiT-S/4", 32'945'024, 0, 0, 0},                       {"SiT-S/8", 33'148'160, 33'142'016, 0, 0}};

std::int64_t frozen(const ModelSpec& spec) {
    for (const LayerCost& part : layerCosts(spec)) {
        if (part.name == "pos_embed") return part.parameters;
    }
    return 0;
}

TEST(DenoiserSpec, CountsAndMacsAreThePublishedOnes) {
    for (const Published& row : kTable) {
        const ModelSpec& spec = findPreset(row.preset);
        EXPECT_EQ(spec.parameterCount(), row.parameters) << row.preset;
        if (row.trainable) {
            EXPECT_EQ(spec.parameterCount() - frozen(spec), row.trainable) << row.preset;
        }
        if (row.gigaMacs > 0) {
            EXPECT_NEAR(static_cast<double>(spec.macs()) * 1e-9, row.gigaMacs, 0.51 * row.digit) << row.preset;
        }
    }
}

TEST(DenoiserSpec, FourSizesTimesThreePatchesInEveryFamily) {
    const std::vector<ModelSpec> presets = presetsFor(ModelTask::Generate);
    EXPECT_EQ(presets.size(), 48u + 2);  // and the two micro forms
    for (const char* family : {"DiTLLaMA_", "SiTLLaMA_", "DiT-", "SiT-"}) {
        for (const char* size : {"S", "B", "L", "XL"}) {
            for (const char* patch : {"2", "4", "8"}) {
                const std::string prefix = family, separator = prefix.back() == '_' ? "_" : "/";
                const ModelSpec& spec = findPreset(prefix + size + separator + patch);
                EXPECT_EQ(spec.headDim(), std::string(size) == "XL" ? 72 : 64) << spec.name;
                EXPECT_EQ(spec.tokens() * spec.patchSize * spec.patchSize, 32 * 32) << spec.name;
            }
        }
    }
}

TEST(DenoiserSpec, SizesThatCannotFormADenoiserAreRefused) {
    const auto refused = [](auto change) {
        ModelSpec spec = findPreset("SiTLLaMA_S_2");
        change(spec);
        try {
            validate(spec);
            return false;
        } catch (const Error& error) {
            return error.code() == ErrorCode::Usage && !error.hint().empty();
        }
    };
    EXPECT_FALSE(refused([](ModelSpec&) {}));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.heads = 64; }));  // head width 6
    EXPECT_TRUE(refused([](ModelSpec& s) { s.classToken = ClassToken::First; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.alpha = 0; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.diffusion.classDropout = 1; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.diffusion.guidedChannels = 5; }));
    EXPECT_TRUE(refused([](ModelSpec& s) { s.diffusion.guidedChannels = 0; }));
}

}  // namespace
}  // namespace vl
