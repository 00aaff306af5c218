// SPDX-License-Identifier: Apache-2.0
#include "engine/models/conv_block.h"

namespace vl {

ConvBlock::ConvBlock(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out,
                     std::int64_t kernel, Kind kind)
    : conv(parameters, prefix + ".conv", in, out,
           {.kernel = kernel, .padding = kernel / 2, .bias = kind == Kind::Biased}) {
    if (kind == Kind::LayerNormed) norm.emplace(parameters, prefix + ".norm_layer", out);
}

at::Tensor ConvBlock::operator()(const at::Tensor& x) const {
    const at::Tensor out = conv(x);
    return norm ? (*norm)(out) : out;
}

}  // namespace vl
