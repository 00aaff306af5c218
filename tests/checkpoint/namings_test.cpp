// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/namings.h"

#include <gtest/gtest.h>

namespace vl {
namespace {

std::string in(std::span<const NameRow> rows, const char* name, int levels = 0) {
    return translatedName({"x", "", rows}, name, levels);
}

TEST(Namings, MatchNumbersAndRests) {
    EXPECT_TRUE(nameFits("blocks.#.mlp.*", "blocks.12.mlp.fc1.weight"));
    EXPECT_FALSE(nameFits("blocks.#.mlp.*", "blocks.x.mlp.fc1.weight"));
    EXPECT_FALSE(nameFits("blocks.#.mlp.*", "blocks.12.mlp."));
    EXPECT_FALSE(nameFits("blocks.#", "blocks.1.more"));
    EXPECT_FALSE(nameFits("blocks.#", "blocks."));
    EXPECT_FALSE(nameFits("a.#.b", "a.123456.b"));  // no model has that many layers
}

TEST(Namings, KeepNamesNoRowFits) { EXPECT_EQ(in(kCompVisNames, "quant_conv.weight"), "quant_conv.weight"); }

// Names of the original autoencoder with four levels beside diffusers' for the same tensors.
TEST(Namings, TranslateCompVisAutoencoders) {
    const auto name = [](const char* from) { return in(kCompVisNames, from, 4); };
    EXPECT_EQ(name("encoder.down.2.block.0.nin_shortcut.weight"),
              "encoder.down_blocks.2.resnets.0.conv_shortcut.weight");
    EXPECT_EQ(name("encoder.down.0.downsample.conv.bias"), "encoder.down_blocks.0.downsamplers.0.conv.bias");
    EXPECT_EQ(name("encoder.mid.attn_1.q.weight"), "encoder.mid_block.attentions.0.to_q.weight");
    EXPECT_EQ(name("encoder.mid.attn_1.proj_out.bias"), "encoder.mid_block.attentions.0.to_out.0.bias");
    EXPECT_EQ(name("decoder.mid.block_2.conv1.weight"), "decoder.mid_block.resnets.1.conv1.weight");
    EXPECT_EQ(name("decoder.up.3.block.2.norm1.weight"), "decoder.up_blocks.0.resnets.2.norm1.weight");
    EXPECT_EQ(name("decoder.up.0.block.0.nin_shortcut.bias"), "decoder.up_blocks.3.resnets.0.conv_shortcut.bias");
    EXPECT_EQ(name("decoder.up.1.upsample.conv.weight"), "decoder.up_blocks.2.upsamplers.0.conv.weight");
    EXPECT_EQ(name("decoder.norm_out.weight"), "decoder.conv_norm_out.weight");
    EXPECT_EQ(name("decoder.conv_out.weight"), "decoder.conv_out.weight");
}

TEST(Namings, TranslateOlderAttentionNames) {
    EXPECT_EQ(in(kOldDiffusersNames, "decoder.mid_block.attentions.0.proj_attn.weight"),
              "decoder.mid_block.attentions.0.to_out.0.weight");
    EXPECT_EQ(in(kOldDiffusersNames, "encoder.mid_block.attentions.0.query.bias"),
              "encoder.mid_block.attentions.0.to_q.bias");
}

TEST(Namings, TranslateMmpretrainVits) {
    EXPECT_EQ(in(kMmpretrainVitNames, "backbone.layers.7.ffn.layers.0.0.weight"), "blocks.7.mlp.fc1.weight");
    EXPECT_EQ(in(kMmpretrainVitNames, "backbone.layers.7.ffn.layers.1.bias"), "blocks.7.mlp.fc2.bias");
    EXPECT_EQ(in(kMmpretrainVitNames, "backbone.ln1.weight"), "norm.weight");
    EXPECT_EQ(in(kMmpretrainVitNames, "head.layers.head.weight"), "head.weight");
}

TEST(Namings, BringBothLlamaSpellingsTogether) {
    for (const char* name :
         {"model.layers.3.mlp.gate_proj.weight", "layers.3.mlp.gate_proj.weight", "layers.3.feed_forward.w1.weight"})
        EXPECT_EQ(in(kLlamaNames, name), "layers.3.mlp.gate_proj.weight");
    EXPECT_EQ(in(kLlamaNames, "layers.0.ffn_norm.weight"), "layers.0.post_attention_layernorm.weight");
}

}  // namespace
}  // namespace vl
