// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/families.h"

namespace vl {

/// Which tensors an encoder in mmpretrain's spelling has, and on how many tokens its layers run.
struct MmpretrainParts {
    std::int64_t tokens = 0;  ///< 0: all patches
    bool classToken = false;  ///< cls_token, and a row for it in pos_embed
    bool finalNorm = false;   ///< ln1
    bool pooledNorm = false;  ///< ln2
};

/// Sizes every family of that encoder needs: throws Error(Usage) when the head width is not a multiple of four (two
/// channel pairs a frequency) or the spec has a class token, which cannot go with the rotary table (Q22).
void checkMmpretrainEncoder(const ModelSpec& spec);

/// Costs of embedding, layers and norms, `prefix` in front of the names ("backbone.").
std::vector<LayerCost> mmpretrainCosts(const std::string& prefix, const ModelSpec& spec, const MmpretrainParts& parts);

/// Base and large of masked pre-training (models.md 6.1), hidden widths included (Q1); the caller sets the rest.
ModelSpec mmpretrainBase();
ModelSpec mmpretrainLarge();

}  // namespace vl
