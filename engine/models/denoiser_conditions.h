// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "engine/nn/layers.h"
#include "engine/nn/model.h"
#include "engine/nn/parameter_list.h"

namespace vl {

/// Time step to vector: 128 cosines, then 128 sines (Q29), and a two-layer MLP. Tensors t_embedder.mlp.{0,2}.
class TimestepEmbedder {
public:
    TimestepEmbedder(ParameterList& parameters, std::int64_t dim);
    /// t [B], any number type, fractions allowed -> [B, D] in the weights' type.
    at::Tensor operator()(const at::Tensor& t);

private:
    Linear first_, second_;
    at::Tensor frequencies_;  ///< [128], float32, on the device of the last call
};

/// cos(t w), sin(t w) for w = 10000^(-k / 128) -> [B, 256] float32; `frequencies` as timestepFrequencies() gives them.
at::Tensor timestepSinusoid(const at::Tensor& t, const at::Tensor& frequencies);
at::Tensor timestepFrequencies();

/// Class to vector; the last row of the table is the null class. Tensor y_embedder.embedding_table.weight.
class LabelEmbedder {
public:
    LabelEmbedder(ParameterList& parameters, const ModelSpec& spec);
    /// y [B] int64 -> [B, D]. Throws Error(Mismatch) for labels outside 0..numClasses that are in CPU memory.
    at::Tensor operator()(const at::Tensor& y, const ForwardOptions& options) const;

private:
    at::Tensor table_;
    std::int64_t nullClass_;
    double dropout_;
};

/// y with each label replaced by `nullClass` with probability `rate`; depends on seed, step and place in the batch.
at::Tensor dropLabels(const at::Tensor& y, std::int64_t nullClass, double rate, const ForwardOptions& options);

/// Fixed positions [1, side * side, dim] of models.md 1.7 in DiT's order: the column's sines and cosines, then the
/// row's.
at::Tensor sinCosPositions(std::int64_t side, std::int64_t dim);

}  // namespace vl
