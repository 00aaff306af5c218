// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/layer_depth.h"

#include <charconv>

namespace vl {

int layerDepth(std::string_view name, int layers) {
    constexpr std::string_view kBackbone = "backbone.";
    if (name.starts_with(kBackbone)) name.remove_prefix(kBackbone.size());
    if (name.starts_with("patch_embed") || name == "pos_embed" || name == "cls_token") return 0;
    for (const std::string_view list : {"layers.", "blocks."}) {
        if (!name.starts_with(list)) continue;
        int index = -1;
        const char* first = name.data() + list.size();
        std::from_chars(first, name.data() + name.size(), index);
        if (index >= 0 && index < layers) return index + 1;
    }
    return layers + 1;
}

}  // namespace vl
