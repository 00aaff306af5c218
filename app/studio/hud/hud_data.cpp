// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/hud/hud_data.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace vl {
namespace {

float sane(double value) { return std::isfinite(value) && value > 0 ? float(value) : 0.f; }

}  // namespace

const std::array<const char*, kHudPhases> kHudPhaseNames = {"data", "forward", "backward", "optimiser", "inspection"};

float HudData::Step::total() const { return std::accumulate(ms.begin(), ms.end(), 0.f); }

void HudData::take(const std::vector<StepMetrics>& rows) {
    steps.clear();
    imagesPerSecond.clear();
    for (std::size_t i = rows.size() > kHudSteps ? rows.size() - kHudSteps : 0; i < rows.size(); ++i) {
        const StepMetrics& row = rows[i];
        steps.push_back({row.step, {sane(row.dataMs), sane(row.forwardMs), sane(row.backwardMs), sane(row.optimiserMs),
                                    sane(row.inspectMs)}});
        imagesPerSecond.push_back(sane(row.imagesPerSecond));
    }
}

void HudData::addMemory(float usedGb) {
    if (memoryGb.size() >= kHudSteps) memoryGb.erase(memoryGb.begin());
    memoryGb.push_back(sane(usedGb));
}

float HudData::mean(std::size_t phase) const {
    if (steps.empty()) return 0;
    float sum = 0;
    for (const Step& step : steps) sum += step.ms[phase];
    return sum / float(steps.size());
}

float HudData::share(std::size_t phase) const {
    float all = 0;
    for (std::size_t i = 0; i < kHudPhases; ++i) all += mean(i);
    return all > 0 ? mean(phase) / all : 0;
}

float HudData::axisMs() const {
    if (steps.empty()) return 100;
    std::vector<float> totals;
    for (const Step& step : steps) totals.push_back(step.total());
    const auto at = totals.begin() + std::ptrdiff_t(double(totals.size() - 1) * 0.98);
    std::nth_element(totals.begin(), at, totals.end());
    const float top = std::max(*at, 0.1f), decade = std::pow(10.f, std::floor(std::log10(top)));
    for (const float step : {1.f, 2.f, 5.f, 10.f})
        if (top <= step * decade * 1.0001f) return step * decade;
    return 10 * decade;
}

}  // namespace vl
