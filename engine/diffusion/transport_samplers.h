// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "engine/diffusion/noise.h"
#include "engine/diffusion/ode_solver.h"
#include "engine/diffusion/sampler.h"
#include "engine/diffusion/transport.h"

namespace vl {

/// A chain along the path of a flow model over evenly spaced times.
class TransportSampler : public Sampler {
public:
    NoiseLevel level(int i) const override;

protected:
    TransportSampler(const Transport& transport, DenoiseFunction model, at::Tensor start, TimeInterval times,
                     int points);
    double timeAt(int i) const;
    int points() const { return points_; }

    /// One model call at (x, t): what it says about flow and score. The predicted picture is left in the state.
    struct Evaluation {
        at::Tensor velocity, score;
    };
    Evaluation evaluate(const at::Tensor& x, double t, bool withScore);

    Transport transport_;

private:
    TimeInterval times_;
    int points_;
};

struct TransportOdeSettings {
    OdeSettings solver = {};
    int points = 50;       ///< times at which the chain stops, both ends included; at least 2
    bool reverse = false;  ///< from picture to noise, which the published code refuses
};

/// Deterministic sampling along the probability flow. A step leads to the next of the times; adaptive methods may call
/// the model any number of times on the way, or never.
class TransportOdeSampler final : public TransportSampler {
public:
    /// Throws Error(Usage) for fewer than two points and for intervals the path cannot give.
    TransportOdeSampler(const Transport& transport, DenoiseFunction model, at::Tensor start,
                        const TransportOdeSettings& settings);
    int steps() const override { return points() - 1; }
    int evaluations() const { return evaluations_; }

protected:
    void advance() override;

private:
    OdeSettings settings_;
    int evaluations_ = 0;
};

enum class SdeMethod { EulerMaruyama, Heun };
/// What is done at the last time, where noise no longer helps.
enum class LastStep { None, Mean, Tweedie, Euler };
LastStep lastStepNamed(std::string_view name);  ///< "None", "Mean", "Tweedie", "Euler"; Error(Usage) for others

struct TransportSdeSettings {
    SdeMethod method = SdeMethod::EulerMaruyama;
    DiffusionForm form = DiffusionForm::Sigma;
    double norm = 1;
    LastStep lastStep = LastStep::Mean;
    double lastStepSize = 0.04;  ///< without effect on LastStep::None, which ends at the end of the interval
    int points = 250;            ///< states after the start: points - 1 noisy steps and the last one
};

/// Stochastic sampling; noisy step i uses draw i of the noise, which must outlive the sampler.
class TransportSdeSampler final : public TransportSampler {
public:
    TransportSdeSampler(const Transport& transport, DenoiseFunction model, at::Tensor start, const NoiseSource& noise,
                        const TransportSdeSettings& settings);
    int steps() const override { return points(); }
    NoiseLevel level(int i) const override;

protected:
    void advance() override;

private:
    double coefficient(double t) const;
    at::Tensor drift(const at::Tensor& x, double t);
    void takeLastStep();
    const NoiseSource& noise_;
    TransportSdeSettings settings_;
};

}  // namespace vl
