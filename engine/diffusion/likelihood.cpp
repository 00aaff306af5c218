// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/likelihood.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>

#include "engine/core/error.h"

namespace vl {
namespace {

/// State of the solver, [B, N + 1]: a flattened picture and, in the last column, what the density has changed by.
at::Tensor pack(const at::Tensor& x, const at::Tensor& change) {
    return at::cat({x.flatten(1), change.unsqueeze(1)}, 1);
}

class TracedFlow {
public:
    TracedFlow(const Transport& transport, const DenoiseFunction& model, const NoiseSource& probes,
               at::IntArrayRef shape)
        : transport_(transport), model_(model), probes_(probes), shape_(shape.vec()) {}

    at::Tensor operator()(double t, const at::Tensor& packed) {
        const at::Tensor draw = probes_.draw(evaluations_++, shape_).to(packed.device(), packed.scalar_type());
        const at::Tensor signs =
            at::where(draw >= 0, at::full({1}, 1.0, draw.options()), at::full({1}, -1.0, draw.options()));
        const c10::AutoGradMode withGradient(true);
        const at::Tensor x = picture(packed).detach().clone().requires_grad_(true);
        const double time = 1 - t;  // the flow runs from picture to noise
        const at::Tensor velocity = transport_.velocity(model_(x, at::full({x.size(0)}, time, at::kFloat)), x, time);
        const at::Tensor gradient = torch::autograd::grad({(velocity * signs).sum()}, {x}).front();
        return pack(-velocity.detach(), (gradient * signs).flatten(1).sum(1));
    }
    at::Tensor picture(const at::Tensor& packed) const {
        return packed.narrow(1, 0, packed.size(1) - 1).reshape(shape_);
    }
    int evaluations() const { return evaluations_; }

private:
    const Transport& transport_;
    const DenoiseFunction& model_;
    const NoiseSource& probes_;
    std::vector<std::int64_t> shape_;
    int evaluations_ = 0;
};

/// Both parts of the state count alike in an adaptive method's error, however many elements they have.
double largerPart(const at::Tensor& packed) {
    const std::int64_t pictures = packed.size(1) - 1;
    const double picture = packed.narrow(1, 0, pictures).square().mean().item<double>();
    const double change = packed.narrow(1, pictures, 1).square().mean().item<double>();
    return std::sqrt(std::max(picture, change));
}

}  // namespace

LikelihoodResult logLikelihood(const Transport& transport, const DenoiseFunction& model, const at::Tensor& pictures,
                               const NoiseSource& probes, const TransportOdeSettings& settings) {
    if (settings.points < 2)
        throw Error(ErrorCode::Usage, "A chain needs at least two points in time.", "Usual are 50 to 250.");
    const TimeInterval times = transport.samplingInterval({});
    TracedFlow flow(transport, model, probes, pictures.sizes());
    OdeSettings solverSettings = settings.solver;
    solverSettings.norm = largerPart;
    const OdeSolver solver(solverSettings, [&flow](double t, const at::Tensor& state) { return flow(t, state); });
    at::Tensor state = pack(pictures.detach(), at::zeros({pictures.size(0)}, pictures.options()));
    OdeMemory memory;
    const double stride = (times.to - times.from) / (settings.points - 1);
    for (int i = 0; i + 1 < settings.points; ++i) {
        const double end = i + 2 == settings.points ? times.to : times.from + (i + 1) * stride;
        state = solver.advance(state, times.from + i * stride, end, memory);
    }
    LikelihoodResult result;
    result.noise = flow.picture(state);
    result.evaluations = flow.evaluations();
    const at::Tensor wide = result.noise.flatten(1).to(at::kDouble);
    result.prior = -0.5 * static_cast<double>(wide.size(1)) * std::log(2 * std::numbers::pi) - wide.square().sum(1) / 2;
    result.logLikelihood = result.prior - state.select(1, state.size(1) - 1).to(at::kDouble);
    return result;
}

}  // namespace vl
