// SPDX-License-Identifier: Apache-2.0
// Gradients of whole models against central differences, in double: one random direction for every tensor.
#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include "engine/api/pyramid_sizes.h"
#include "engine/core/random.h"
#include "tests/models/small_models.h"

namespace vl::test {
namespace {

at::Tensor drawn(at::IntArrayRef shape, std::uint64_t stream) {
    at::Tensor values = at::empty(shape, at::kDouble);
    const RandomStream random(17, stream);
    double* out = values.data_ptr<double>();
    for (std::int64_t i = 0; i < values.numel(); ++i)
        out[i] = 2 * random.uniform(static_cast<std::uint64_t>(i)) - 1;
    return values;
}

ModelSpec smallPyramid(const char* preset, bool layerScale) {
    ModelSpec spec = findPreset(preset);
    setStages(spec, {{16, 2, 1, 24, 8}, {16, 2, 2, 24, 4}, {32, 2, 2, 48, 2}, {32, 2, 2, 48, 1}});
    spec.pyramid.window = 3;
    spec.layerScale = layerScale;
    spec.imageSize = 64;
    spec.numClasses = 3;
    spec.segment.headChannels = spec.segment.auxChannels = 8;
    return spec;
}

class Gradient : public testing::TestWithParam<ModelSpec> {};

TEST_P(Gradient, IsTheSlopeOfTheOutput) {
    const ModelSpec& spec = GetParam();
    const auto model = makeModel(spec);
    model->initialise(3);
    moveParameters(*model, at::kCPU, at::kDouble);
    // Published starts are so small that most branches hardly count.
    for (std::size_t i = 0; i < model->parameters().size(); ++i) {
        const Parameter& parameter = model->parameters()[i];
        if (parameter.kind == ParameterKind::Trained && parameter.tensor.dim() > 1)
            parameter.tensor.detach().add_(drawn(parameter.tensor.sizes(), 1000 + i), 0.1);
    }
    const at::Tensor images = drawn({2, spec.inChannels, spec.imageSize, spec.imageSize}, 1);
    at::Tensor weights;
    const auto loss = [&] {
        const at::Tensor out = model->forward(images);
        if (!weights.defined()) weights = drawn(out.sizes(), 2);
        return (out * weights).sum();
    };
    loss().backward();
    for (std::size_t i = 0; i < model->parameters().size(); ++i) {
        const Parameter& parameter = model->parameters()[i];
        if (parameter.kind != ParameterKind::Trained) continue;
        const at::Tensor direction = drawn(parameter.tensor.sizes(), 100 + i), tensor = parameter.tensor.detach();
        if (!parameter.tensor.grad().defined()) continue;  // the auxiliary head, which Model::forward leaves out
        const double expected = (parameter.tensor.grad() * direction).sum().item<double>();
        constexpr double kStep = 1e-5;
        const auto at = [&](double step) {
            tensor.add_(direction, step);
            const double value = loss().item<double>();
            tensor.sub_(direction, step);
            return value;
        };
        const double slope = (at(kStep) - at(-kStep)) / (2 * kStep);
        EXPECT_NEAR(expected, slope, 1e-4 * std::max(1.0, std::abs(slope))) << parameter.name;
    }
}

INSTANTIATE_TEST_SUITE_P(Families, Gradient,
                         testing::Values(smallPyramid("pllama_wols_small_patch16", true),
                                         smallPyramid("pllama_micro", false),
                                         smallPyramid("upernet_pllama_micro", false)),
                         [](const auto& one) { return one.param.name + (one.param.layerScale ? "_scaled" : ""); });

}  // namespace
}  // namespace vl::test
