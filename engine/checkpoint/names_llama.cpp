// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "engine/checkpoint/namings.h"

namespace vl {
namespace {

/// Language models of the LLaMA kind, as transformers and as the original repository spell them, to one form.
constexpr std::array kLlama{NameRow{"model.layers.*", "layers.*"},
                            NameRow{"layers.#.attention.wq.weight", "layers.$0.self_attn.q_proj.weight"},
                            NameRow{"layers.#.attention.wk.weight", "layers.$0.self_attn.k_proj.weight"},
                            NameRow{"layers.#.attention.wv.weight", "layers.$0.self_attn.v_proj.weight"},
                            NameRow{"layers.#.attention.wo.weight", "layers.$0.self_attn.o_proj.weight"},
                            NameRow{"layers.#.feed_forward.w1.weight", "layers.$0.mlp.gate_proj.weight"},
                            NameRow{"layers.#.feed_forward.w2.weight", "layers.$0.mlp.down_proj.weight"},
                            NameRow{"layers.#.feed_forward.w3.weight", "layers.$0.mlp.up_proj.weight"},
                            NameRow{"layers.#.attention_norm.weight", "layers.$0.input_layernorm.weight"},
                            NameRow{"layers.#.ffn_norm.weight", "layers.$0.post_attention_layernorm.weight"}};

}  // namespace

const std::span<const NameRow> kLlamaNames = kLlama;

}  // namespace vl
