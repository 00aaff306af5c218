// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "app/studio/shell/view.h"
#include "engine/api/run_folder.h"
#include "engine/api/types.h"

namespace vl {

struct StoredRun;

/// What the x axis counts.
enum class XMode { Step, Time, Images };

/// The rows of a run wherever they live: with the engine link while it runs, in its record afterwards.
struct RunRows {
    const std::vector<StepMetrics>* steps = nullptr;
    const std::vector<EvalMetrics>* evals = nullptr;
    const std::vector<RunEvent>* events = nullptr;
    RunSettings settings;
    RunState state = RunState::Idle;
    std::int64_t totalSteps = 0;     ///< planned, 0: unknown
    std::int64_t stepsPerEpoch = 0;  ///< 0: unknown
};
/// What the run's model is for; Classify for a model this program does not know.
ModelTask taskOf(const RunSettings& settings);
inline bool trainsDenoiser(const RunSettings& settings) { return taskOf(settings) == ModelTask::Generate; }
RunRows rowsOf(StudioContext& context, const StoredRun& run);

/// Maps steps to places on the x axis. Seconds restart when a run is resumed; here they go on where they stopped.
class RunTimeline {
public:
    RunTimeline(XMode mode, int batch) : mode_(mode), batch_(batch) {}
    void append(const std::vector<StepMetrics>& steps, std::size_t from);
    const std::vector<double>& x() const { return x_; }
    double xOf(std::int64_t step) const;
    /// The step and epoch at a place; 0 before the first row.
    std::int64_t stepAt(double x) const;
    double epochAt(double x) const;
    /// Where a step that is still to come will lie, judging time by the pace so far.
    double planned(std::int64_t step) const;

private:
    XMode mode_;
    int batch_;
    std::vector<double> x_, seconds_, epochs_;
    std::vector<std::int64_t> steps_;
    double offset_ = 0, lastSeconds_ = 0;
};

}  // namespace vl
