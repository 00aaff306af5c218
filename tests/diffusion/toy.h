// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

namespace vl::test {

/// Pictures whose pixels are independent normal numbers: the best model of them is a formula, and so is what a
/// noise-free chain makes of its start.
struct GaussianToy {
    double mean = 0.7, deviation = 0.3;

    /// Best guess of the picture in x = signal * picture + noise * normal.
    at::Tensor clean(const at::Tensor& x, double signal, double noise) const {
        const double variance = deviation * deviation;
        const double gain = signal * variance / (signal * signal * variance + noise * noise);
        return mean + gain * (x - signal * mean);
    }
    double spread(double signal, double noise) const { return std::hypot(signal * deviation, noise); }
    /// Where the deterministic flow takes x from one level to another.
    at::Tensor flow(const at::Tensor& x, double signal, double noise, double toSignal, double toNoise) const {
        return toSignal * mean + (x - signal * mean) * (spread(toSignal, toNoise) / spread(signal, noise));
    }
};

}  // namespace vl::test
