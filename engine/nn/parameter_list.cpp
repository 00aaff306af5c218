// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/parameter_list.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include "engine/nn/unfilled_parameters.h"

namespace vl {
namespace {

thread_local bool describing = false;
thread_local bool unfilled = false;

}  // namespace

DescribeOnly::DescribeOnly() : before_(describing) { describing = true; }

DescribeOnly::~DescribeOnly() { describing = before_; }

UnfilledParameters::UnfilledParameters(bool wanted) : before_(unfilled) { unfilled = wanted; }

UnfilledParameters::~UnfilledParameters() { unfilled = before_; }

bool parameterDecays(const std::string& name, std::int64_t dimensions) {
    return dimensions > 1 && !name.ends_with(".bias") && name != "pos_embed" && name != "cls_token";
}

at::Tensor ParameterList::append(const std::string& name, at::IntArrayRef shape, at::ScalarType type,
                                 ParameterKind kind) {
    const auto options = at::TensorOptions().dtype(type).device(describing ? at::kMeta : at::kCPU);
    const bool trained = kind == ParameterKind::Trained;
    at::Tensor tensor = unfilled && trained ? at::empty(shape, options) : at::zeros(shape, options);
    tensor.set_requires_grad(trained);
    items_.push_back({name, tensor, trained && parameterDecays(name, tensor.dim()), kind});
    return tensor;
}

at::Tensor ParameterList::add(const std::string& name, at::IntArrayRef shape) {
    return append(name, shape, at::kFloat, ParameterKind::Trained);
}

at::Tensor ParameterList::addFrozen(const std::string& name, at::IntArrayRef shape) {
    return append(name, shape, at::kFloat, ParameterKind::Frozen);
}

at::Tensor ParameterList::addBuffer(const std::string& name, at::IntArrayRef shape, at::ScalarType type) {
    return append(name, shape, type, ParameterKind::Buffer);
}

}  // namespace vl
