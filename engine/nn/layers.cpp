// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/layers.h"

#include <vector>

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>

#include "engine/ops/linear.h"
#include "engine/ops/patch_embed.h"

namespace vl {

Linear::Linear(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out, bool withBias)
    : weight(parameters.add(prefix + ".weight", {out, in})),
      bias(withBias ? parameters.add(prefix + ".bias", {out}) : at::Tensor()) {}

at::Tensor Linear::operator()(const at::Tensor& x) const { return vl::linear(x, weight, bias); }

LayerNorm::LayerNorm(ParameterList& parameters, const std::string& prefix, std::int64_t dim, double epsilon)
    : weight(parameters.add(prefix + ".weight", {dim})), bias(parameters.add(prefix + ".bias", {dim})), eps(epsilon) {}

at::Tensor LayerNorm::operator()(const at::Tensor& x) const {
    return at::layer_norm(x, weight.sizes(), weight, bias, eps);
}

at::Tensor layerNormWithoutAffine(const at::Tensor& x, double eps) {
    return at::layer_norm(x, {x.size(-1)}, {}, {}, eps);
}

LayerNorm2d::LayerNorm2d(ParameterList& parameters, const std::string& prefix, std::int64_t channels, double eps)
    : norm(parameters, prefix, channels, eps) {}

at::Tensor LayerNorm2d::operator()(const at::Tensor& x) const {
    return norm(x.permute({0, 2, 3, 1})).permute({0, 3, 1, 2}).contiguous();
}

Conv2d::Conv2d(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out,
               const ConvOptions& chosen)
    : weight(parameters.add(prefix + ".weight", {out, in / chosen.groups, chosen.kernel, chosen.kernel})),
      bias(chosen.bias ? parameters.add(prefix + ".bias", {out}) : at::Tensor()),
      options(chosen) {}

at::Tensor Conv2d::operator()(const at::Tensor& x) const {
    return at::conv2d(x, weight, bias, {options.stride, options.stride}, {options.padding, options.padding}, {1, 1},
                      options.groups);
}

UpConv2d::UpConv2d(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out)
    : weight(parameters.add(prefix + ".weight", {in, out, 2, 2})), bias(parameters.add(prefix + ".bias", {out})) {}

at::Tensor UpConv2d::operator()(const at::Tensor& x) const { return at::conv_transpose2d(x, weight, bias, {2, 2}); }

BatchNorm::BatchNorm(ParameterList& parameters, const std::string& prefix, std::int64_t channels, double epsilon,
                     bool affine)
    : weight(affine ? parameters.add(prefix + ".weight", {channels}) : at::Tensor()),
      bias(affine ? parameters.add(prefix + ".bias", {channels}) : at::Tensor()),
      runningMean(parameters.addBuffer(prefix + ".running_mean", {channels})),
      runningVar(parameters.addBuffer(prefix + ".running_var", {channels})),
      batches(parameters.addBuffer(prefix + ".num_batches_tracked", {}, at::kLong)),
      eps(epsilon) {}

at::Tensor BatchNorm::operator()(const at::Tensor& x, bool training) const {
    if (training) at::Tensor(batches).add_(1);
    return at::batch_norm(x, weight, bias, runningMean, runningVar, training, /*momentum=*/0.1, eps,
                          /*cudnn_enabled=*/true);
}

PatchEmbed::PatchEmbed(ParameterList& parameters, const std::string& prefix, std::int64_t channels, std::int64_t dim,
                       std::int64_t patch)
    : weight(parameters.add(prefix + ".weight", {dim, channels, patch, patch})),
      bias(parameters.add(prefix + ".bias", {dim})) {}

at::Tensor PatchEmbed::operator()(const at::Tensor& images) const { return patchEmbed(images, weight, bias); }

GeluMlp::GeluMlp(ParameterList& parameters, const std::string& prefix, std::int64_t dim, std::int64_t hidden,
                 bool useTanh, const Names& names)
    : first(parameters, prefix + names.first, dim, hidden),
      second(parameters, prefix + names.second, hidden, dim),
      tanhForm(useTanh) {}

at::Tensor GeluMlp::operator()(const at::Tensor& x) const {
    return second(at::gelu(first(x), tanhForm ? "tanh" : "none"));
}

}  // namespace vl
