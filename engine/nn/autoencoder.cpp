// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/autoencoder.h"

namespace vl {

at::Tensor Autoencoder::forward(const at::Tensor& images, const ForwardOptions& options) {
    return decode(encode(images, options).mean, options);
}

}  // namespace vl
