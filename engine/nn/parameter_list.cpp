// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/parameter_list.h"

#include <ATen/ops/zeros.h>

namespace vl {

bool parameterDecays(const std::string& name, std::int64_t dimensions) {
    return dimensions > 1 && !name.ends_with(".bias") && name != "pos_embed" && name != "cls_token";
}

at::Tensor ParameterList::add(const std::string& name, at::IntArrayRef shape) {
    at::Tensor tensor = at::zeros(shape, at::kFloat);
    tensor.set_requires_grad(true);
    items_.push_back({name, tensor, parameterDecays(name, tensor.dim())});
    return tensor;
}

}  // namespace vl
