// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/api/types.h"

namespace vl::cli {

/// What one query of one head looks at.
struct AttentionRow {
    std::vector<float> weights;  ///< [tokens], softmax times mask unless `masked` was false
    double keptMass = 0;         ///< sum of the masked row, at most 1
    double entropy = 0;          ///< of the softmax row, bits
    double distance = 0;         ///< mean distance in patches, weighted, from a patch query; 0 for the class token
};

/// `query` is a token index. `head` -1: mean over heads.
AttentionRow attentionRow(const Inspection& inspection, int layer, int head, int query, bool masked);

/// The row's patch weights over the picture in a perceptual colour map, `side` pixels a side, the picture shining
/// through in grey. The scale runs from 0 to the row's largest patch weight.
Image drawAttention(const Inspection& inspection, const AttentionRow& row, int side);

}  // namespace vl::cli
