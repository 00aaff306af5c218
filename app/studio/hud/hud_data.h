// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/api/types.h"

namespace vl {

inline constexpr std::size_t kHudSteps = 200;
inline constexpr std::size_t kHudPhases = 5;
extern const std::array<const char*, kHudPhases> kHudPhaseNames;  ///< data, forward, backward, optimiser, inspection

/// What the live HUD draws: the phases of the last steps, memory and throughput.
struct HudData {
    struct Step {
        std::int64_t step = 0;
        std::array<float, kHudPhases> ms{};
        float total() const;
    };
    std::vector<Step> steps;              ///< at most kHudSteps, oldest first
    std::vector<float> imagesPerSecond;   ///< of the same steps
    std::vector<float> memoryGb;          ///< at most kHudSteps samples, oldest first
    double memoryTotalGb = 0;
    RunState state = RunState::Idle;

    /// The tail of `rows`; negative and non-finite times count as zero.
    void take(const std::vector<StepMetrics>& rows);
    void addMemory(float usedGb);
    /// Mean milliseconds and share (0..1) of a phase over the steps held.
    float mean(std::size_t phase) const;
    float share(std::size_t phase) const;
    /// Upper end of the time axis: the 98th percentile of the totals rounded up to 1, 2 or 5 times a power of ten, so that one
    /// slow step does not flatten the others.
    float axisMs() const;
};

}  // namespace vl
