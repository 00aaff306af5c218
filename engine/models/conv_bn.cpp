// SPDX-License-Identifier: Apache-2.0
#include "engine/models/conv_bn.h"

#include <ATen/ops/relu.h>
#include <ATen/ops/upsample_bilinear2d.h>

namespace vl {

ConvBn::ConvBn(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out,
               std::int64_t kernel)
    : conv(parameters, prefix + ".conv", in, out, {.kernel = kernel, .padding = kernel / 2, .bias = false}),
      bn(parameters, prefix + ".bn", out) {}

at::Tensor ConvBn::operator()(const at::Tensor& x, bool training) const { return at::relu(bn(conv(x), training)); }

at::Tensor resizeBilinear(const at::Tensor& x, at::IntArrayRef size) {
    if (x.sizes().slice(2) == size) return x;
    return at::upsample_bilinear2d(x, size, /*align_corners=*/false);
}

}  // namespace vl
