// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/transport_samplers.h"

#include <cmath>
#include <string>

#include <ATen/TensorOperators.h>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl {
namespace {

TimeInterval odeInterval(const Transport& transport, bool reverse) {
    const TimeInterval times = transport.samplingInterval({});
    return reverse ? TimeInterval{times.to, times.from} : times;
}

TimeInterval sdeInterval(const Transport& transport, const TransportSdeSettings& settings) {
    return transport.samplingInterval(
        {.sde = true,
         .sbdm = settings.form == DiffusionForm::Sbdm,
         .lastStepSize = settings.lastStep == LastStep::None ? 0 : settings.lastStepSize});
}

}  // namespace

TransportSampler::TransportSampler(const Transport& transport, DenoiseFunction model, at::Tensor start,
                                   TimeInterval times, int points)
    : Sampler(std::move(model), std::move(start)), transport_(transport), times_(times), points_(points) {
    if (points < 2) throw Error(ErrorCode::Usage, "A chain needs at least two points in time.", "Usual are 50 to 250.");
}

double TransportSampler::timeAt(int i) const {
    return i == points_ - 1 ? times_.to : times_.from + i * ((times_.to - times_.from) / (points_ - 1));
}

NoiseLevel TransportSampler::level(int i) const {
    const PathPoint at = pathAt(transport_.settings().path, timeAt(i));
    return {at.alpha, at.sigma, timeAt(i)};
}

TransportSampler::Evaluation TransportSampler::evaluate(const at::Tensor& x, double t, bool withScore) {
    const at::Tensor output = call(x, t);
    state_.clean = transport_.clean(output, x, t);
    return {transport_.velocity(output, x, t), withScore ? transport_.score(output, x, t) : at::Tensor()};
}

TransportOdeSampler::TransportOdeSampler(const Transport& transport, DenoiseFunction model, at::Tensor start,
                                         const TransportOdeSettings& settings)
    : TransportSampler(transport, std::move(model), std::move(start), odeInterval(transport, settings.reverse),
                       settings.points),
      settings_(settings.solver) {}

void TransportOdeSampler::advance() {
    const OdeSolver solver(settings_, [this](double t, const at::Tensor& y) {
        ++evaluations_;
        return evaluate(y, t, false).velocity;
    });
    OdeMemory memory{std::move(state_.memory), std::move(state_.numbers)};
    state_.x = solver.advance(x(), timeAt(state_.step), timeAt(state_.step + 1), memory);
    state_.memory = std::move(memory.tensors);
    state_.numbers = std::move(memory.numbers);
}

LastStep lastStepNamed(std::string_view name) {
    if (name == "None") return LastStep::None;
    if (name == "Mean") return LastStep::Mean;
    if (name == "Tweedie") return LastStep::Tweedie;
    if (name == "Euler") return LastStep::Euler;
    throw Error(ErrorCode::Usage, "There is no last step '" + printable(name) + "'.",
                "Known ones are None, Mean, Tweedie and Euler.");
}

TransportSdeSampler::TransportSdeSampler(const Transport& transport, DenoiseFunction model, at::Tensor start,
                                         const NoiseSource& noise, const TransportSdeSettings& settings)
    : TransportSampler(transport, std::move(model), std::move(start), sdeInterval(transport, settings),
                       settings.points),
      noise_(noise),
      settings_(settings) {
    if (!(settings.lastStepSize >= 0 && settings.lastStepSize < 1))
        throw Error(ErrorCode::Usage, "The last step's size lies between 0 and 1.", "Usual is 0.04.");
    if (settings.lastStep == LastStep::None) settings_.lastStepSize = 0;
}

NoiseLevel TransportSdeSampler::level(int i) const {
    if (i < points()) return TransportSampler::level(i);
    const double t = timeAt(points() - 1) + settings_.lastStepSize;
    const PathPoint at = pathAt(transport_.settings().path, t);
    return {at.alpha, at.sigma, t};
}

double TransportSdeSampler::coefficient(double t) const {
    return diffusionCoefficient(settings_.form, transport_.settings().path, t, settings_.norm);
}

at::Tensor TransportSdeSampler::drift(const at::Tensor& x, double t) {
    const Evaluation model = evaluate(x, t, true);
    return model.velocity + coefficient(t) * model.score;
}

void TransportSdeSampler::advance() {
    if (state_.step == points() - 1) return takeLastStep();
    const double t = timeAt(state_.step), dt = timeAt(state_.step + 1) - t;
    const at::Tensor noise = noise_.draw(state_.step, x().sizes()).to(x().device(), x().scalar_type());
    const at::Tensor kick = std::sqrt(2 * coefficient(t)) * std::sqrt(dt) * noise;
    if (settings_.method == SdeMethod::EulerMaruyama) {
        state_.x = x() + drift(x(), t) * dt + kick;
        return;
    }
    const at::Tensor kicked = x() + kick;
    const at::Tensor first = drift(kicked, t);
    const at::Tensor second = drift(kicked + dt * first, timeAt(state_.step + 1));
    state_.x = kicked + 0.5 * dt * (first + second);
}

void TransportSdeSampler::takeLastStep() {
    const double t = timeAt(points() - 1), size = settings_.lastStepSize;
    if (settings_.lastStep == LastStep::None) return;
    if (settings_.lastStep == LastStep::Mean) {
        state_.x = x() + drift(x(), t) * size;
        return;
    }
    const Evaluation model = evaluate(x(), t, true);
    if (settings_.lastStep == LastStep::Euler) {
        state_.x = x() + model.velocity * size;
        return;
    }
    const PathPoint at = pathAt(transport_.settings().path, t);
    state_.x = x() / at.alpha + (at.sigma * at.sigma / at.alpha) * model.score;
}

}  // namespace vl
