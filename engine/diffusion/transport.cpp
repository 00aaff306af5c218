// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/transport.h"

#include <string>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl {
namespace {

/// One number a sample, [B, 1, ...], in the type of `like`.
template <typename Value>
at::Tensor perSample(std::span<const double> t, const at::Tensor& like, Value value) {
    if (like.dim() == 0 || like.size(0) != static_cast<std::int64_t>(t.size()))
        throw Error(ErrorCode::Mismatch, "The batch does not hold one sample for each of the times.",
                    "Give as many times as samples.");
    std::vector<std::int64_t> shape(static_cast<std::size_t>(like.dim()), 1);
    shape[0] = like.size(0);
    at::Tensor values = at::empty(shape, at::kDouble);
    for (std::size_t i = 0; i < t.size(); ++i)
        values.data_ptr<double>()[i] = value(t[i]);
    return values.to(like.device(), like.scalar_type());
}

[[noreturn]] void unknown(const char* what, std::string_view name, const char* known) {
    throw Error(ErrorCode::Usage, "There is no " + std::string(what) + " '" + printable(std::string(name)) + "'.",
                std::string("Known ones are ") + known + ".");
}

}  // namespace

TransportPrediction transportPredictionNamed(std::string_view name) {
    if (name == "velocity") return TransportPrediction::Velocity;
    if (name == "noise") return TransportPrediction::Noise;
    if (name == "score") return TransportPrediction::Score;
    unknown("prediction", name, "velocity, noise and score");
}

TransportWeight transportWeightNamed(std::string_view name) {
    if (name.empty() || name == "none") return TransportWeight::None;
    if (name == "velocity") return TransportWeight::Velocity;
    if (name == "likelihood") return TransportWeight::Likelihood;
    unknown("loss weight", name, "none, velocity and likelihood");
}

Transport::Transport(const TransportSettings& settings) : settings_(settings) {
    for (const auto& eps : {settings.trainEps, settings.sampleEps})
        if (eps && !(*eps >= 0 && *eps < 0.5))
            throw Error(ErrorCode::Usage, "The distance from the ends of time lies between 0 and one half.",
                        "Usual is 0.001.");
    const bool velocity = settings.prediction == TransportPrediction::Velocity;
    if (settings.path == PathKind::Vp) {
        trainEps_ = settings.trainEps.value_or(1e-5);
    } else if (velocity) {
        trainEps_ = 0;  // nothing to keep away from: what was given is ignored, as published
        settings_.sampleEps = 0;
    } else {
        trainEps_ = settings.trainEps.value_or(1e-3);
    }
}

TimeInterval Transport::trainingInterval() const {
    return {settings_.path == PathKind::Vp ? 0 : trainEps_, 1 - trainEps_};
}

TimeInterval Transport::samplingInterval(const IntervalUse& use) const {
    const auto eps = [&]() -> double {
        if (settings_.sampleEps) return *settings_.sampleEps;
        // Q31: the published default for these models is never filled in.
        throw Error(ErrorCode::Usage, "This path and prediction need a sample eps: their formulas end in a pole.",
                    "Set it, for instance to 0.001.");
    };
    const bool lastStep = use.sde && use.lastStepSize != 0;
    const double to = lastStep ? 1 - use.lastStepSize : 1 - eps();
    if (settings_.path == PathKind::Vp) return {0, to};
    const bool velocity = settings_.prediction == TransportPrediction::Velocity;
    return {!velocity || (use.sde && use.sbdm) ? eps() : 0, to};
}

double Transport::trainingTime(double uniform) const {
    const TimeInterval interval = trainingInterval();
    return uniform * (interval.to - interval.from) + interval.from;
}

Transport::Plan Transport::plan(const at::Tensor& picture, const at::Tensor& noise, std::span<const double> t) const {
    const auto coefficient = [&](double PathPoint::*field) {
        return perSample(t, picture, [&](double time) { return pathAt(settings_.path, time).*field; });
    };
    return {coefficient(&PathPoint::alpha) * picture + coefficient(&PathPoint::sigma) * noise,
            coefficient(&PathPoint::alphaRate) * picture + coefficient(&PathPoint::sigmaRate) * noise};
}

at::Tensor Transport::losses(const at::Tensor& output, const at::Tensor& picture, const at::Tensor& noise,
                             std::span<const double> t) const {
    at::Tensor squares;
    if (settings_.prediction == TransportPrediction::Velocity) {
        squares = (output - plan(picture, noise, t).velocity).square();
        return squares.flatten(1).mean(1);
    }
    if (settings_.prediction == TransportPrediction::Noise) {
        squares = (output - noise).square();
    } else {
        const auto sigma = [&](double time) { return pathAt(settings_.path, time).sigma; };
        squares = (output * perSample(t, output, sigma) + noise).square();
    }
    if (settings_.weight != TransportWeight::None) {
        squares = squares * perSample(t, output, [&](double time) {
                      const PathPoint at = pathAt(settings_.path, time);
                      const double step = at.driftVariance / at.sigma;
                      return settings_.weight == TransportWeight::Velocity ? step * step : step / at.sigma;
                  });
    }
    return squares.flatten(1).mean(1);
}

at::Tensor Transport::velocity(const at::Tensor& output, const at::Tensor& x, double t) const {
    if (settings_.prediction == TransportPrediction::Velocity) return output;
    return velocityFromScore(pathAt(settings_.path, t), score(output, x, t), x);
}

at::Tensor Transport::score(const at::Tensor& output, const at::Tensor& x, double t) const {
    const PathPoint at = pathAt(settings_.path, t);
    if (settings_.prediction == TransportPrediction::Velocity) return scoreFromVelocity(at, output, x);
    return settings_.prediction == TransportPrediction::Score ? output : output / -at.sigma;
}

at::Tensor Transport::clean(const at::Tensor& output, const at::Tensor& x, double t) const {
    const PathPoint at = pathAt(settings_.path, t);
    if (settings_.prediction == TransportPrediction::Velocity)
        return (at.sigmaRate * x - at.sigma * output) / (at.sigmaRate * at.alpha - at.sigma * at.alphaRate);
    const at::Tensor noise = settings_.prediction == TransportPrediction::Noise ? output : output * -at.sigma;
    return (x - at.sigma * noise) / at.alpha;
}

at::Tensor scoreFromVelocity(const PathPoint& at, const at::Tensor& velocity, const at::Tensor& x) {
    const double inverse = at.alpha / at.alphaRate;
    return (inverse * velocity - x) / (at.sigma * at.sigma - inverse * at.sigmaRate * at.sigma);
}

at::Tensor noiseFromVelocity(const PathPoint& at, const at::Tensor& velocity, const at::Tensor& x) {
    const double inverse = at.alpha / at.alphaRate;
    return (inverse * velocity - x) / (inverse * at.sigmaRate - at.sigma);
}

at::Tensor velocityFromScore(const PathPoint& at, const at::Tensor& score, const at::Tensor& x) {
    return at.driftVariance * score - at.drift * x;
}

}  // namespace vl
