// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/nn/parameter_list.h"

namespace vl {

/// x [..., in] -> [..., out]; tensors `prefix`.weight [out, in] and `prefix`.bias [out].
struct Linear {
    Linear(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out, bool bias = true);
    at::Tensor operator()(const at::Tensor& x) const;

    at::Tensor weight, bias;
};

/// Biased variance over the last axis, affine (models.md 1.1).
struct LayerNorm {
    LayerNorm(ParameterList& parameters, const std::string& prefix, std::int64_t dim, double eps);
    at::Tensor operator()(const at::Tensor& x) const;

    at::Tensor weight, bias;
    double eps;
};

/// The same without weight and bias.
at::Tensor layerNormWithoutAffine(const at::Tensor& x, double eps);

/// LayerNorm over the channels of every pixel of [B, C, H, W].
struct LayerNorm2d {
    LayerNorm2d(ParameterList& parameters, const std::string& prefix, std::int64_t channels, double eps = 1e-5);
    at::Tensor operator()(const at::Tensor& x) const;

    LayerNorm norm;
};

struct ConvOptions {
    std::int64_t kernel = 3;
    std::int64_t stride = 1;
    std::int64_t padding = 0;
    std::int64_t groups = 1;
    bool bias = true;
};

/// x [B, in, H, W] -> [B, out, H', W']; tensors `prefix`.weight [out, in / groups, k, k] and `prefix`.bias [out].
struct Conv2d {
    Conv2d(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out,
           const ConvOptions& options);
    at::Tensor operator()(const at::Tensor& x) const;

    at::Tensor weight, bias;
    ConvOptions options;
};

/// Doubles both sides (kernel = stride = 2, bias); weight [in, out, 2, 2].
struct UpConv2d {
    UpConv2d(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t out);
    at::Tensor operator()(const at::Tensor& x) const;

    at::Tensor weight, bias;
};

/// BatchNorm over [B, C, H, W] or [B, C], eps 1e-5 and momentum 0.1 unless told; SyncBN has the same numbers and names.
/// Buffers running_mean, running_var (unbiased), num_batches_tracked.
struct BatchNorm {
    BatchNorm(ParameterList& parameters, const std::string& prefix, std::int64_t channels, double eps = 1e-5,
              bool affine = true);
    /// `training`: batch statistics, which also update the running ones.
    at::Tensor operator()(const at::Tensor& x, bool training) const;

    at::Tensor weight, bias, runningMean, runningVar, batches;
    double eps;
};

/// Non-overlapping patches through a linear map (ops/patch_embed.h); tensors `prefix`.weight [D, c, P, P], `prefix`.bias.
struct PatchEmbed {
    PatchEmbed(ParameterList& parameters, const std::string& prefix, std::int64_t channels, std::int64_t dim,
               std::int64_t patch);
    /// [B, c, H, W] -> [B, H / P * W / P, D]
    at::Tensor operator()(const at::Tensor& images) const;

    at::Tensor weight, bias;
};

/// fc2(gelu(fc1 x)), both with bias. The published baselines differ in names and in the form of the GELU.
struct GeluMlp {
    struct Names {
        std::string first = ".fc1", second = ".fc2";
    };
    GeluMlp(ParameterList& parameters, const std::string& prefix, std::int64_t dim, std::int64_t hidden, bool tanhForm,
            const Names& names);
    at::Tensor operator()(const at::Tensor& x) const;

    Linear first, second;
    bool tanhForm;  ///< the tanh approximation instead of the error function
};

}  // namespace vl
