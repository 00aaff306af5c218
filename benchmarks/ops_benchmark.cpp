// SPDX-License-Identifier: Apache-2.0
// Each own op against its definition in ATen, forward alone and forward with backward, at the shapes of
// illama_tiny (224 px, batch 8, 197 tokens) and illama_micro (batch 64, 65 tokens); the loss at those of segmenters.
#include <benchmark/benchmark.h>

#include <functional>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include "engine/ops/linear.h"
#include "engine/ops/resized_cross_entropy.h"
#include "engine/ops/rms_norm.h"
#include "engine/ops/soft_mask_attention.h"
#include "engine/ops/swiglu.h"

namespace {

using Tensors = std::vector<at::Tensor>;
using Op = std::function<at::Tensor(const Tensors&)>;

struct Shape {
    const char* name;
    std::int64_t batch, tokens, dim, heads, hidden;
    std::int64_t rows() const { return batch * tokens; }
};

constexpr Shape kShapes[] = {{"tiny", 8, 197, 192, 3, 512}, {"micro", 64, 65, 128, 4, 256}};

void inference(benchmark::State& state, const Op& op, const Tensors& inputs) {
    const at::NoGradGuard noGrad;
    for (auto _ : state)
        benchmark::DoNotOptimize(op(inputs));
}

void training(benchmark::State& state, const Op& op, const Tensors& inputs) {
    for (const at::Tensor& input : inputs)
        input.set_requires_grad(true);
    const at::Tensor gradient = at::ones_like(op(inputs));
    for (auto _ : state) {
        op(inputs).backward(gradient);
        for (const at::Tensor& input : inputs)
            input.mutable_grad().reset();
    }
}

void add(const std::string& name, const Op& kernel, const Op& reference, const Tensors& inputs) {
    const auto one = [&](const std::string& suffix, auto body, const Op& op) {
        benchmark::RegisterBenchmark((name + suffix).c_str(), [=](benchmark::State& state) { body(state, op, inputs); })
            ->UseRealTime()
            ->MeasureProcessCPUTime()
            ->Unit(benchmark::kMicrosecond);
    };
    one("/infer/kernel", inference, kernel);
    one("/infer/reference", inference, reference);
    one("/train/kernel", training, kernel);
    one("/train/reference", training, reference);
}

void addShape(const Shape& s) {
    const std::string prefix = std::string(s.name) + "/";
    const at::Tensor x = at::randn({s.batch, s.tokens, s.dim}), weight = at::randn({s.dim});
    add(
        prefix + "rms_norm", [](const Tensors& in) { return vl::rmsNorm(in[0], in[1], 1e-6); },
        [](const Tensors& in) { return vl::rmsNormReference(in[0], in[1], 1e-6); }, {x.clone(), weight.clone()});
    add(
        prefix + "swiglu", [](const Tensors& in) { return vl::swiglu(in[0], in[1]); },
        [](const Tensors& in) { return vl::swigluReference(in[0], in[1]); },
        {at::randn({s.rows(), s.hidden}), at::randn({s.rows(), s.hidden})});
    for (const double alpha : {0.0, 0.5}) {
        const vl::RopeTable table = vl::ropeTable1d(s.tokens, s.dim / s.heads, 10000);
        const vl::SoftMaskOptions options{s.heads, alpha};
        add(
            prefix + (alpha == 0 ? "attention_causal" : "attention_soft"),
            [=](const Tensors& in) { return vl::softMaskAttention(in[0], table, options); },
            [=](const Tensors& in) { return vl::softMaskAttentionReference(in[0], table, options); },
            {at::randn({s.batch, s.tokens, 3 * s.dim})});
    }
    const auto linear = [&](const std::string& name, std::int64_t inputs, std::int64_t outputs) {
        add(
            prefix + name, [](const Tensors& in) { return vl::linear(in[0], in[1], in[2]); },
            [](const Tensors& in) { return at::linear(in[0], in[1], in[2]); },
            {at::randn({s.rows(), inputs}), at::randn({outputs, inputs}), at::randn({outputs})});
    };
    linear("linear_qkv", s.dim, 3 * s.dim);
    linear("linear_proj", s.dim, s.dim);
    linear("linear_up", s.dim, s.hidden);
    linear("linear_down", s.hidden, s.dim);
}

/// A segmenter's loss: the small scenes' and ADE20K's, whose reference holds 16 x 150 x 512 x 512 floats.
void addSegmentLoss(const std::string& name, std::int64_t classes, std::int64_t cells, std::int64_t pixels) {
    constexpr std::int64_t kBatch = 16, kIgnored = 255;
    const at::Tensor labels = at::randint(classes, {kBatch, pixels, pixels}, at::kLong);
    add(
        name + "/resized_cross_entropy",
        [=](const Tensors& in) { return vl::resizedCrossEntropy(in[0], labels, kIgnored).sum; },
        [=](const Tensors& in) { return vl::resizedCrossEntropyReference(in[0], labels, kIgnored).sum; },
        {at::randn({kBatch, classes, cells, cells})});
}

const bool kRegistered = [] {
    for (const Shape& shape : kShapes)
        addShape(shape);
    addSegmentLoss("scenes", 11, 16, 128);
    addSegmentLoss("ade20k", 150, 128, 512);
    return true;
}();

}  // namespace
