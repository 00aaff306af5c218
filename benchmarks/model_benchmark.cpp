// SPDX-License-Identifier: Apache-2.0
// Whole models: inference and one training step (forward, loss, backward, fused AdamW), explicit against fused.
// items_per_second counts pictures.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros_like.h>

#include "engine/nn/model.h"

namespace {

struct Job {
    const char* preset;
    std::int64_t batch;
    bool training;
};

constexpr Job kJobs[] = {{"illama_tiny", 1, false},    {"illama_tiny", 8, false},       {"illama_tiny", 32, false},
                         {"illama_tiny", 32, true},    {"illama_micro", 64, true},      {"illama_micro", 128, true},
                         {"illama_micro", 256, false}, {"illama_tiny_fmnist", 64, true}};

std::unique_ptr<vl::Model> model(const Job& job, vl::AttentionKind kind) {
    auto made = vl::makeModel(vl::findPreset(job.preset));
    made->initialise(1);
    made->setAttention(kind);
    return made;
}

at::Tensor pictures(const vl::ModelSpec& spec, std::int64_t batch) {
    return at::randn({batch, spec.inChannels, spec.imageSize, spec.imageSize});
}

void infer(benchmark::State& state, const Job& job, vl::AttentionKind kind) {
    const at::NoGradGuard noGrad;
    const auto made = model(job, kind);
    const at::Tensor input = pictures(made->spec(), job.batch);
    for (auto _ : state)
        benchmark::DoNotOptimize(made->forward(input));
    state.SetItemsProcessed(state.iterations() * job.batch);
}

void train(benchmark::State& state, const Job& job, vl::AttentionKind kind) {
    const auto made = model(job, kind);
    const at::Tensor input = pictures(made->spec(), job.batch);
    const at::Tensor labels = at::randint(0, made->spec().numClasses, {job.batch}, at::kLong);
    std::vector<at::Tensor> weights, mean, square, steps;
    for (const vl::Parameter& parameter : made->parameters()) {
        weights.push_back(parameter.tensor);
        mean.push_back(at::zeros_like(parameter.tensor));
        square.push_back(at::zeros_like(parameter.tensor));
        steps.push_back(at::ones({}));
    }
    for (auto _ : state) {
        at::cross_entropy_loss(made->forward(input, {.training = true}), labels).backward();
        const at::NoGradGuard noGrad;
        std::vector<at::Tensor> gradients;
        for (at::Tensor& weight : weights)
            gradients.push_back(weight.grad());
        at::_fused_adamw_(weights, gradients, mean, square, {}, steps, 1e-3, 0.9, 0.999, 0.05, 1e-8, false, false);
        for (at::Tensor& weight : weights)
            weight.mutable_grad().reset();
    }
    state.SetItemsProcessed(state.iterations() * job.batch);
}

const bool kRegistered = [] {
    for (const Job& job : kJobs) {
        for (const vl::AttentionKind kind : {vl::AttentionKind::Explicit, vl::AttentionKind::Fused}) {
            const std::string name = std::string(job.preset) + "/batch_" + std::to_string(job.batch) +
                                     (job.training ? "/train" : "/infer") +
                                     (kind == vl::AttentionKind::Fused ? "/fused" : "/explicit");
            benchmark::RegisterBenchmark(
                name.c_str(),
                [=](benchmark::State& state) { job.training ? train(state, job, kind) : infer(state, job, kind); })
                ->UseRealTime()
                ->MeasureProcessCPUTime()
                ->Unit(benchmark::kMillisecond);
        }
    }
    return true;
}();

}  // namespace
