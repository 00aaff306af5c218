// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include <ATen/core/Tensor.h>

#include "engine/diffusion/path.h"

namespace vl {

enum class TransportPrediction { Velocity, Noise, Score };
enum class TransportWeight { None, Velocity, Likelihood };
TransportPrediction transportPredictionNamed(std::string_view name);
TransportWeight transportWeightNamed(std::string_view name);

struct TransportSettings {
    PathKind path = PathKind::Linear;
    TransportPrediction prediction = TransportPrediction::Velocity;
    TransportWeight weight = TransportWeight::None;  ///< without effect on velocity models
    std::optional<double> trainEps = std::nullopt;   ///< distance kept from the ends; the default depends on the path
    std::optional<double> sampleEps = std::nullopt;
};

struct TimeInterval {
    double from = 0, to = 1;
};

/// What to sample with, as far as it decides the interval.
struct IntervalUse {
    bool sde = false;
    bool sbdm = false;
    double lastStepSize = 0;
};

/// Flow matching as SiT trains and samples it. x tensors are [B, ...]; times are one number for the whole batch where a
/// chain runs, and a list of B where a batch is trained. All coefficients are float64.
class Transport {
public:
    explicit Transport(const TransportSettings& settings);
    const TransportSettings& settings() const { return settings_; }

    TimeInterval trainingInterval() const;
    /// Throws Error(Usage) where the sample eps is needed and was not given: the published default is empty (Q31).
    TimeInterval samplingInterval(const IntervalUse& use) const;
    /// A number in [0, 1) to a training time.
    double trainingTime(double uniform) const;

    /// x_t and the velocity to learn for times `t` (B of them).
    struct Plan {
        at::Tensor xt, velocity;
    };
    Plan plan(const at::Tensor& picture, const at::Tensor& noise, std::span<const double> t) const;
    /// Loss per sample [B] from the model's output for x_t.
    at::Tensor losses(const at::Tensor& output, const at::Tensor& picture, const at::Tensor& noise,
                      std::span<const double> t) const;

    /// What the model's output for (x, t) says about the probability flow, the score and the finished picture.
    at::Tensor velocity(const at::Tensor& output, const at::Tensor& x, double t) const;
    at::Tensor score(const at::Tensor& output, const at::Tensor& x, double t) const;
    at::Tensor clean(const at::Tensor& output, const at::Tensor& x, double t) const;

private:
    TransportSettings settings_;
    double trainEps_;
};

// Conversions between the three predictions at one time.
at::Tensor scoreFromVelocity(const PathPoint& at, const at::Tensor& velocity, const at::Tensor& x);
at::Tensor noiseFromVelocity(const PathPoint& at, const at::Tensor& velocity, const at::Tensor& x);
at::Tensor velocityFromScore(const PathPoint& at, const at::Tensor& score, const at::Tensor& x);

}  // namespace vl
