// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string_view>

#include "engine/api/model_spec.h"
#include "engine/core/error.h"

namespace vl {
namespace {

std::int64_t parametersOf(const ModelSpec& spec, std::string_view prefix) {
    std::int64_t total = 0;
    for (const LayerCost& layer : layerCosts(spec)) {
        if (layer.name.starts_with(prefix)) total += layer.parameters;
    }
    return total;
}

// models.md 9.1.
TEST(DetectorSpec, MaskRcnnHasThePublishedCounts) {
    const ModelSpec& spec = findPreset("mask_rcnn_pllama_base");
    EXPECT_EQ(parametersOf(spec, "backbone."), 55'261'824);
    EXPECT_EQ(parametersOf(spec, "neck."), 2'729'984);
    EXPECT_EQ(parametersOf(spec, "rpn_head."), 593'935);
    EXPECT_EQ(parametersOf(spec, "roi_head.bbox_head."), 14'306'705);
    EXPECT_EQ(parametersOf(spec, "roi_head.mask_head."), 2'643'280);
    EXPECT_EQ(spec.parameterCount(), 55'261'824 + 20'273'904);
}

// models.md 9.2.
TEST(DetectorSpec, VitDetHasThePublishedCounts) {
    const ModelSpec& spec = findPreset("vitdet_vision_llama_base");
    EXPECT_EQ(parametersOf(spec, "backbone."), 258'819'840);
    EXPECT_EQ(parametersOf(spec, "backbone.pos_embed"), 258'819'840 - 255'674'112);
    EXPECT_EQ(parametersOf(spec, "neck."), 5'560'000);
    EXPECT_EQ(parametersOf(spec, "rpn_head."), 1'184'015);
    EXPECT_EQ(parametersOf(spec, "roi_head.bbox_head."), 15'618'449);
    EXPECT_EQ(parametersOf(spec, "roi_head.mask_head."), 2'644'304);
}

TEST(DetectorSpec, TheReducedFormsAddTheirConvolutionsOrNothing) {
    const std::int64_t plain = findPreset("vitdet_vision_llama_base").parameterCount();
    // Four global blocks: a depthwise 4 x 4 convolution with bias and a norm, 768 channels.
    EXPECT_EQ(findPreset("vitdet_vision_llama_base_v1_conv").parameterCount(), plain + 4 * 768 * (16 + 1 + 2));
    EXPECT_EQ(findPreset("vitdet_vision_llama_base_v1_avg").parameterCount(), plain);
    EXPECT_LT(findPreset("vitdet_vision_llama_base_v1_avg").macs(), findPreset("vitdet_vision_llama_base").macs());
}

TEST(DetectorSpec, PublishedPresetsDetectOnLargePicturesTheSmallOneOnScenes) {
    EXPECT_EQ(presetsFor(ModelTask::Detect).size(), 5u);
    for (const ModelSpec& spec : presetsFor(ModelTask::Detect)) {
        const bool small = spec.name == "mask_rcnn_pllama_micro";
        EXPECT_EQ(spec.imageSize, small ? 128 : 1024) << spec.name;
        EXPECT_EQ(spec.numClasses, small ? 10 : 80) << spec.name;
    }
}

TEST(DetectorSpec, SizesThatCannotFormADetectorAreRefused) {
    const auto refused = [](const char* preset, auto change) {
        ModelSpec spec = findPreset(preset);
        change(spec);
        try {
            validate(spec);
            return false;
        } catch (const Error& error) {
            return error.code() == ErrorCode::Usage && !error.hint().empty();
        }
    };
    const char* plain = "vitdet_vision_llama_base";
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.detect.backbone = "twins"; }));
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.detect.window = 0; }));
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.detect.windowBlocks = {12}; }));
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.detect.windowBlocks = {-1}; }));
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.detect.globalReduction = "max"; }));
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.detect.fpnChannels = 0; }));
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.imageSize = 1008; }));  // 63 patches a side
    EXPECT_TRUE(refused(plain, [](ModelSpec& s) { s.heads = 256; }));       // head width 3
    EXPECT_TRUE(refused("vitdet_vision_llama_base_v1_conv", [](ModelSpec& s) { s.imageSize = 1056; }));
    EXPECT_TRUE(refused("mask_rcnn_pllama_base", [](ModelSpec& s) { s.pyramid.stages.pop_back(); }));
}

}  // namespace
}  // namespace vl
