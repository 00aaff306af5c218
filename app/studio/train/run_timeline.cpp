// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/run_timeline.h"

#include <algorithm>
#include <cmath>

#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "engine/api/model_spec.h"

namespace vl {

ModelTask taskOf(const RunSettings& settings) {
    const auto presets = modelPresets();
    const auto found = std::find_if(presets.begin(), presets.end(),
                                    [&](const ModelSpec& spec) { return spec.name == settings.model.preset; });
    return found != presets.end() ? found->task() : ModelTask::Classify;
}

RunRows rowsOf(StudioContext& context, const StoredRun& run) {
    RunRows rows;
    rows.state = run.state;
    if (run.live) {
        const RunStatus& status = context.link.status();
        rows.steps = &context.link.steps(), rows.evals = &context.link.evals(), rows.events = &context.link.events();
        rows.settings = context.link.engine().settings();
        rows.totalSteps = status.totalSteps, rows.stepsPerEpoch = status.stepsPerEpoch;
        rows.state = status.state;
        return rows;
    }
    rows.steps = &run.record.steps, rows.evals = &run.record.evals, rows.events = &run.record.events;
    rows.settings = run.record.settings;
    if (!run.record.steps.empty() && run.record.steps.back().epoch > 0) {
        const StepMetrics& last = run.record.steps.back();
        rows.stepsPerEpoch = std::llround(double(last.step) / last.epoch);
    }
    const TrainSettings& train = rows.settings.train;
    rows.totalSteps = train.maxSteps > 0 ? train.maxSteps : std::llround(train.epochs * double(rows.stepsPerEpoch));
    return rows;
}

void RunTimeline::append(const std::vector<StepMetrics>& steps, std::size_t from) {
    for (std::size_t i = from; i < steps.size(); ++i) {
        const StepMetrics& row = steps[i];
        if (row.seconds < lastSeconds_) offset_ += lastSeconds_;
        lastSeconds_ = row.seconds;
        steps_.push_back(row.step);
        epochs_.push_back(row.epoch);
        seconds_.push_back(offset_ + row.seconds);
        switch (mode_) {
            case XMode::Step:
                x_.push_back(double(row.step));
                break;
            case XMode::Time:
                x_.push_back(seconds_.back());
                break;
            case XMode::Images:
                x_.push_back(double(row.step) * batch_);
                break;
        }
    }
}

double RunTimeline::xOf(std::int64_t step) const {
    if (mode_ == XMode::Step) return double(step);
    if (mode_ == XMode::Images) return double(step) * batch_;
    if (steps_.empty()) return 0;
    const auto found = std::lower_bound(steps_.begin(), steps_.end(), step);
    if (found == steps_.end()) return seconds_.back();
    return seconds_[std::size_t(found - steps_.begin())];
}

double RunTimeline::planned(std::int64_t step) const {
    if (mode_ != XMode::Time) return xOf(step);
    if (steps_.empty() || step <= steps_.back()) return xOf(step);
    const double pace = steps_.back() > 0 ? seconds_.back() / double(steps_.back()) : 0;
    return seconds_.back() + pace * double(step - steps_.back());
}

std::int64_t RunTimeline::stepAt(double x) const {
    if (mode_ == XMode::Step) return std::llround(x);
    if (mode_ == XMode::Images) return std::llround(x / std::max(1, batch_));
    const auto found = std::upper_bound(x_.begin(), x_.end(), x);
    return found == x_.begin() ? 0 : steps_[std::size_t(found - x_.begin()) - 1];
}

double RunTimeline::epochAt(double x) const {
    const auto found = std::upper_bound(x_.begin(), x_.end(), x);
    if (found == x_.begin()) return 0;
    const auto last = std::size_t(found - x_.begin()) - 1;
    if (found != x_.end() || steps_[last] == 0) return epochs_[last];
    return epochs_[last] / double(steps_[last]) * double(std::max(stepAt(x), steps_[last]));
}

}  // namespace vl
