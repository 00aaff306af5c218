// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/soft_mask_attention.h"

namespace vl {

at::Tensor softMaskAttention(const at::Tensor& qkv, const RopeTable& table, const SoftMaskOptions& options) {
    return softMaskAttentionReference(qkv, table, options);
}

}  // namespace vl
