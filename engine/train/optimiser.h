// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"
#include "engine/nn/state_dict.h"

namespace vl {

/// AdamW with decoupled weight decay (models.md 3.5) over groups of parameters that decay or do not and learn at one
/// share of the rate. One call of step() is one fused pass over each group.
class AdamW {
public:
    struct Options {
        double beta1 = 0.9;
        double beta2 = 0.999;
        double epsilon = 1e-8;
    };

    /// Keeps references to the parameters' storage; their values are changed in place.
    explicit AdamW(std::span<Parameter> parameters);
    /// Which share of the learning rate a parameter gets; empty: all of it.
    using RateShare = std::function<double(const Parameter&)>;
    AdamW(std::span<Parameter> parameters, const Options& options, const RateShare& share = {});

    /// Updates every parameter that has a gradient. Gradients are multiplied by `gradientFactor` on the way
    /// (clipping), without being rewritten by the caller first.
    void step(double learningRate, double weightDecay, double gradientFactor = 1);
    void setOptions(const Options& options) { options_ = options; }

    std::int64_t steps() const { return steps_; }
    /// Moments under the names "exp_avg.<parameter>" and "exp_avg_sq.<parameter>", sharing memory with the optimiser.
    TensorMap state() const;
    /// Copies moments of exactly these names and shapes; `steps` is what steps() was. Throws Error(Mismatch).
    void load(const TensorMap& state, std::int64_t steps);

private:
    struct Group {
        bool decays = true;
        double share = 1;
        std::vector<std::string> names;
        std::vector<at::Tensor> parameters, first, second;
        std::vector<at::Tensor> steps;  // one shared scalar repeated: every parameter has taken the same number
    };
    void stepGroup(Group& group, double learningRate, double weightDecay, double gradientFactor);

    Options options_;
    Group& groupOf(bool decays, double share);
    std::vector<Group> groups_;
    at::Tensor stepTensor_;
    std::int64_t steps_ = 0;
};

/// Euclidean norm over the gradients of all parameters together; 0 when none has one.
double globalGradientNorm(std::span<Parameter> parameters);
/// Factor that brings a gradient of that norm down to `clipNorm`; 1 when it is below, or when clipNorm is 0.
double clipFactor(double norm, double clipNorm);
/// Drops every gradient, so that the next backward pass writes instead of adding.
void clearGradients(std::span<Parameter> parameters);

}  // namespace vl
