// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/diffusion/denoise_function.h"

namespace vl {

/// All that a chain needs to go on later or elsewhere, in a sampler made with the same settings.
struct SamplerState {
    int step = 0;                    ///< steps taken so far
    at::Tensor x;                    ///< [B, C, H, W]
    at::Tensor clean;                ///< predicted result as of the last model call; undefined before the first
    std::vector<at::Tensor> memory;  ///< what the method keeps from earlier steps
    std::vector<double> numbers;     ///< likewise
};

/// Where a chain stands: x = signal * picture + noise * normal numbers, and the time the model is told there.
struct NoiseLevel {
    double signal = 0, noise = 0, time = 0;
};

/// A chain from noise to a sample, one step a call. To cancel, stop calling; to go on, call again, or restore() a state
/// that was taken earlier. Steps do not depend on how many are made in a row.
class Sampler {
public:
    virtual ~Sampler() = default;

    /// Throws Error(Usage) when the chain is done.
    void step();
    bool done() const { return state_.step >= steps(); }
    virtual int steps() const = 0;
    /// Of the state before step i; i = steps() is the result.
    virtual NoiseLevel level(int i) const = 0;
    const at::Tensor& x() const { return state_.x; }
    const at::Tensor& predictedClean() const { return state_.clean; }
    const SamplerState& state() const { return state_; }
    /// Throws Error(Mismatch) for a state of another shape or with more steps than the chain has.
    void restore(SamplerState state);
    /// The remaining steps.
    const at::Tensor& finish();

protected:
    Sampler(DenoiseFunction model, at::Tensor start) : model_(std::move(model)) { state_.x = std::move(start); }
    /// Takes step state_.step (counted afterwards): leaves x, clean and what it must remember in state_.
    virtual void advance() = 0;
    /// The model at one time for the whole batch.
    at::Tensor call(const at::Tensor& x, double time) const;

    SamplerState state_;

private:
    DenoiseFunction model_;
};

}  // namespace vl
