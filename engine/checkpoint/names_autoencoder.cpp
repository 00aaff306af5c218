// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "engine/checkpoint/namings.h"

namespace vl {
namespace {

/// diffusers before its attention classes were merged.
constexpr std::array kOldDiffusers{
    NameRow{"encoder.mid_block.attentions.#.query.*", "encoder.mid_block.attentions.$0.to_q.*"},
    NameRow{"encoder.mid_block.attentions.#.key.*", "encoder.mid_block.attentions.$0.to_k.*"},
    NameRow{"encoder.mid_block.attentions.#.value.*", "encoder.mid_block.attentions.$0.to_v.*"},
    NameRow{"encoder.mid_block.attentions.#.proj_attn.*", "encoder.mid_block.attentions.$0.to_out.0.*"},
    NameRow{"decoder.mid_block.attentions.#.query.*", "decoder.mid_block.attentions.$0.to_q.*"},
    NameRow{"decoder.mid_block.attentions.#.key.*", "decoder.mid_block.attentions.$0.to_k.*"},
    NameRow{"decoder.mid_block.attentions.#.value.*", "decoder.mid_block.attentions.$0.to_v.*"},
    NameRow{"decoder.mid_block.attentions.#.proj_attn.*", "decoder.mid_block.attentions.$0.to_out.0.*"}};

/// The original repositories of latent and stable diffusion; the decoder's levels run the other way there, and the
/// attention's linear layers are 1 x 1 convolutions.
constexpr std::array kCompVis{
    NameRow{"encoder.down.#.block.#.nin_shortcut.*", "encoder.down_blocks.$0.resnets.$1.conv_shortcut.*"},
    NameRow{"encoder.down.#.block.#.*", "encoder.down_blocks.$0.resnets.$1.*"},
    NameRow{"encoder.down.#.downsample.conv.*", "encoder.down_blocks.$0.downsamplers.0.conv.*"},
    NameRow{"encoder.mid.block_1.*", "encoder.mid_block.resnets.0.*"},
    NameRow{"encoder.mid.block_2.*", "encoder.mid_block.resnets.1.*"},
    NameRow{"encoder.mid.attn_1.norm.*", "encoder.mid_block.attentions.0.group_norm.*"},
    NameRow{"encoder.mid.attn_1.q.*", "encoder.mid_block.attentions.0.to_q.*"},
    NameRow{"encoder.mid.attn_1.k.*", "encoder.mid_block.attentions.0.to_k.*"},
    NameRow{"encoder.mid.attn_1.v.*", "encoder.mid_block.attentions.0.to_v.*"},
    NameRow{"encoder.mid.attn_1.proj_out.*", "encoder.mid_block.attentions.0.to_out.0.*"},
    NameRow{"encoder.norm_out.*", "encoder.conv_norm_out.*"},
    NameRow{"decoder.up.#.block.#.nin_shortcut.*", "decoder.up_blocks.~0.resnets.$1.conv_shortcut.*"},
    NameRow{"decoder.up.#.block.#.*", "decoder.up_blocks.~0.resnets.$1.*"},
    NameRow{"decoder.up.#.upsample.conv.*", "decoder.up_blocks.~0.upsamplers.0.conv.*"},
    NameRow{"decoder.mid.block_1.*", "decoder.mid_block.resnets.0.*"},
    NameRow{"decoder.mid.block_2.*", "decoder.mid_block.resnets.1.*"},
    NameRow{"decoder.mid.attn_1.norm.*", "decoder.mid_block.attentions.0.group_norm.*"},
    NameRow{"decoder.mid.attn_1.q.*", "decoder.mid_block.attentions.0.to_q.*"},
    NameRow{"decoder.mid.attn_1.k.*", "decoder.mid_block.attentions.0.to_k.*"},
    NameRow{"decoder.mid.attn_1.v.*", "decoder.mid_block.attentions.0.to_v.*"},
    NameRow{"decoder.mid.attn_1.proj_out.*", "decoder.mid_block.attentions.0.to_out.0.*"},
    NameRow{"decoder.norm_out.*", "decoder.conv_norm_out.*"}};

}  // namespace

const std::span<const NameRow> kOldDiffusersNames = kOldDiffusers;
const std::span<const NameRow> kCompVisNames = kCompVis;

}  // namespace vl
