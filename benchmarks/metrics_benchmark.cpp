// SPDX-License-Identifier: Apache-2.0
// What judging samples costs. Inception's weights are made up: its time does not depend on them.
#include <benchmark/benchmark.h>

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include "engine/core/resource_paths.h"
#include "engine/metrics/feature_extractor.h"
#include "engine/metrics/gaussian_statistics.h"
#include "engine/metrics/inception_v3.h"
#include "engine/metrics/precision_recall.h"

namespace vl {
namespace {

at::Tensor covarianceOf(std::int64_t width) {
    const at::Tensor samples = at::randn({2 * width, width}, at::kDouble);
    return at::matmul(samples.t(), samples) / static_cast<double>(2 * width);
}

void frechet(benchmark::State& state) {
    const auto width = state.range(0);
    const at::Tensor mean = at::zeros({width}), one = covarianceOf(width), other = covarianceOf(width);
    for (auto _ : state)
        benchmark::DoNotOptimize(frechetDistance(mean, one, mean, other));
}
BENCHMARK(frechet)->Arg(128)->Arg(2048)->Unit(benchmark::kMillisecond)->UseRealTime();

void statistics(benchmark::State& state) {
    const at::Tensor features = at::randn({64, state.range(0)});
    GaussianStatistics gathered;
    for (auto _ : state)
        gathered.add(features);
    state.SetItemsProcessed(state.iterations() * features.size(0));
}
BENCHMARK(statistics)->Arg(128)->Arg(2048)->Unit(benchmark::kMillisecond)->UseRealTime();

void precisionAndRecall(benchmark::State& state) {
    const at::Tensor one = at::randn({state.range(0), 2048}), other = at::randn({state.range(0), 2048});
    for (auto _ : state)
        benchmark::DoNotOptimize(precisionRecall(one, other));
}
BENCHMARK(precisionAndRecall)->Arg(2000)->Unit(benchmark::kMillisecond)->UseRealTime();

void demoClassifier(benchmark::State& state) {
    const auto network = classifierFeatures(resourceFolder() / "demo" / "illama_micro.safetensors");
    const at::Tensor pictures = at::randint(256, {250, 1, 28, 28}, at::kByte);
    for (auto _ : state)
        benchmark::DoNotOptimize(network->extract(pictures));
    state.SetItemsProcessed(state.iterations() * pictures.size(0));
}
BENCHMARK(demoClassifier)->Unit(benchmark::kMillisecond)->UseRealTime();

at::Tensor madeUp(const std::string& name) {
    for (const InceptionUnit& unit : inceptionUnits()) {
        if (name == unit.name + ".conv.weight")
            return at::randn({unit.out, unit.in, unit.height, unit.width}) /
                   std::sqrt(static_cast<double>(unit.in * unit.height * unit.width) / 2);
        if (name.starts_with(unit.name + ".bn.")) return at::full({unit.out}, name.ends_with("var") ? 1.0 : 0.1);
    }
    return at::randn({kInceptionClasses, kInceptionFeatures}) * 0.1;
}

void inception(benchmark::State& state) {
    const c10::NoGradGuard noGrad;
    const InceptionV3 network(madeUp);
    const at::Tensor pictures = at::randn({32, 3, kInceptionSide, kInceptionSide});
    for (auto _ : state)
        benchmark::DoNotOptimize(network.forward(pictures));
    state.SetItemsProcessed(state.iterations() * pictures.size(0));
}
BENCHMARK(inception)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace vl
