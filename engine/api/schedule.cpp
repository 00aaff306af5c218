// SPDX-License-Identifier: Apache-2.0
#include "engine/api/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "engine/core/text.h"

namespace vl {
namespace {

/// Epochs as whole optimiser steps, never negative, safe for any finite setting.
std::int64_t wholeSteps(double epochs, std::int64_t stepsPerEpoch) {
    const double steps = epochs * static_cast<double>(stepsPerEpoch);
    return steps > 0 ? std::llround(std::min(steps, 1e15)) : 0;
}

double piecewiseAt(const std::vector<ScheduleNode>& nodes, double epoch) {
    if (nodes.empty()) return 0;
    if (epoch <= nodes.front().epoch) return nodes.front().value;
    for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
        const auto &from = nodes[i], &to = nodes[i + 1];
        if (epoch >= to.epoch) continue;
        if (!from.linear) return from.value;
        return from.value + (to.value - from.value) * (epoch - from.epoch) / (to.epoch - from.epoch);
    }
    return nodes.back().value;
}

/// How many of the drops lie behind this step.
int dropsBefore(const std::string& drops, std::int64_t step, std::int64_t stepsPerEpoch) {
    int count = 0;
    for (const std::string& word : splitText(drops, ','))
        if (const auto epoch = parseNumber(word); epoch && step >= wholeSteps(*epoch, stepsPerEpoch)) ++count;
    return count;
}

}  // namespace

double softMaskAlpha(const SoftMaskSettings& settings, std::int64_t step, std::int64_t stepsPerEpoch) {
    step = std::max<std::int64_t>(step, 0);
    stepsPerEpoch = std::max<std::int64_t>(stepsPerEpoch, 1);
    if (settings.schedule == "standard") return settings.start;
    if (settings.schedule == "piecewise")
        return piecewiseAt(settings.nodes, static_cast<double>(step) / static_cast<double>(stepsPerEpoch));

    const auto m = wholeSteps(settings.cutoffEpochs, stepsPerEpoch);
    if (step >= m) return 0;
    if (settings.schedule == "constant" || m == 1) return settings.start;
    return settings.start * (1 - static_cast<double>(step) / static_cast<double>(m - 1));
}

double learningRate(const TrainSettings& settings, std::int64_t step, std::int64_t stepsPerEpoch, std::int64_t totalSteps) {
    step = std::max<std::int64_t>(step, 0);
    stepsPerEpoch = std::max<std::int64_t>(stepsPerEpoch, 1);
    const auto w = wholeSteps(settings.warmupEpochs, stepsPerEpoch);
    const bool poly = settings.schedule == "poly", steps = settings.schedule == "steps";
    const double start = poly ? 1e-6 : steps ? 1e-3 : 0;
    if (step < w) {
        const double done = w == 1 ? 0 : static_cast<double>(step) / static_cast<double>(w - 1);
        return settings.lr * (start + (1 - start) * done);
    }
    if (steps) return settings.lr * std::pow(0.1, dropsBefore(settings.rateDrops, step, stepsPerEpoch));

    const auto length = std::max<std::int64_t>(totalSteps - w - (poly ? 1 : 0), 1);
    const auto share = static_cast<double>(std::min(step - w, length)) / static_cast<double>(length);
    const double left = poly ? 1 - share : 0.5 * (1 + std::cos(std::numbers::pi * share));
    return settings.minLr + (settings.lr - settings.minLr) * left;
}

}  // namespace vl
