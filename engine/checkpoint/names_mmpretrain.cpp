// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "engine/checkpoint/namings.h"

namespace vl {
namespace {

/// mmpretrain's VisionTransformer to timm's names.
constexpr std::array kVit{NameRow{"backbone.patch_embed.projection.*", "patch_embed.proj.*"},
                          NameRow{"backbone.layers.#.ln1.*", "blocks.$0.norm1.*"},
                          NameRow{"backbone.layers.#.ln2.*", "blocks.$0.norm2.*"},
                          NameRow{"backbone.layers.#.attn.*", "blocks.$0.attn.*"},
                          NameRow{"backbone.layers.#.ffn.layers.0.0.*", "blocks.$0.mlp.fc1.*"},
                          NameRow{"backbone.layers.#.ffn.layers.1.*", "blocks.$0.mlp.fc2.*"},
                          NameRow{"backbone.ln1.*", "norm.*"},
                          NameRow{"backbone.cls_token", "cls_token"},
                          NameRow{"backbone.pos_embed", "pos_embed"},
                          NameRow{"head.layers.head.*", "head.*"},
                          NameRow{"head.fc.*", "head.*"}};

/// The VisionLLaMA encoder alone, without the prefix its detector, segmenter or classifier gives it.
constexpr std::array kEncoder{
    NameRow{"layers.*", "backbone.layers.*"},   NameRow{"patch_embed.*", "backbone.patch_embed.*"},
    NameRow{"pos_embed", "backbone.pos_embed"}, NameRow{"cls_token", "backbone.cls_token"},
    NameRow{"ln1.*", "backbone.ln1.*"},         NameRow{"ln2.*", "backbone.ln2.*"}};

/// A classifier's body as a dense model keeps it.
constexpr std::array kBackbone{NameRow{"backbone.*", "*"}, NameRow{"head.fc.*", "head.*"}};

}  // namespace

const std::span<const NameRow> kMmpretrainVitNames = kVit;
const std::span<const NameRow> kMmpretrainEncoderNames = kEncoder;
const std::span<const NameRow> kBackboneNames = kBackbone;

}  // namespace vl
