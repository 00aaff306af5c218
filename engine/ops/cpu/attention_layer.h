// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/ops/soft_mask_attention.h"

namespace vl::cpu {

/// Where q, k and v of one layer lie: `q` and `keysValues` may be the same tensor [B, N, 3 * H * d].
/// Offsets are in floats from the start of a token.
struct AttentionInputs {
    at::Tensor q, keysValues;
    std::int64_t kOffset = 0, vOffset = 0;
    std::int64_t firstQuery = 0, queries = 0;
    std::int64_t width = 0;  ///< H * d
    SoftMaskOptions options;
    at::Tensor cosinePairs, sinePairs;
};

struct AttentionOutputs {
    at::Tensor out;        ///< [B, queries, H * d]
    at::Tensor logSumExp;  ///< [B, H, queries]; undefined when not asked for
};

/// Shares the (batch, head) pairs out over torch's threads.
AttentionOutputs attentionForward(const AttentionInputs& inputs, bool forBackward);
/// dQ and dKeysValues have the layout of the inputs and are fully written when they cover the offsets.
void attentionBackward(const AttentionInputs& inputs, const AttentionOutputs& outputs, const at::Tensor& dOut,
                       at::Tensor& dQ, at::Tensor& dKeysValues);

}  // namespace vl::cpu
