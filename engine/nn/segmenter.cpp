// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/segmenter.h"

#include <ATen/ops/upsample_bilinear2d.h>

namespace vl {

at::Tensor Segmenter::forward(const at::Tensor& images, const ForwardOptions& options) {
    const at::Tensor logits = segment(images, options).logits;
    return at::upsample_bilinear2d(logits, images.sizes().slice(2), /*align_corners=*/false);
}

}  // namespace vl
