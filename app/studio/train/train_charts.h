// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <QWidget>

#include "app/studio/train/event_look.h"
#include "app/studio/train/run_timeline.h"
#include "widgets/chart_stack.h"

namespace vl {

/// Loss, events, accuracy and schedules of the selected run, other visible runs of the same task beside it; of a
/// denoiser the Frechet distance and what the judge says instead of the accuracy. Draws on `tick()` only.
class TrainCharts : public QWidget {
    Q_OBJECT
public:
    explicit TrainCharts(StudioContext& context, QWidget* parent = nullptr);

    /// Draws everything anew: another selection, another set of visible runs, another x axis.
    void rebuild(const std::shared_ptr<StoredRun>& selected);
    /// Adds the rows the live run gained.
    void appendLive(std::size_t firstStep, std::size_t firstEval);
    void refreshEvents();
    void tick() { stack_->tick(); }

    void setXMode(XMode mode);
    XMode xMode() const { return mode_; }
    void setLog(bool log);
    bool log() const { return loss_->logY(); }
    void setSmoothing(double beta);
    void resetZoom() { stack_->axis().reset(); }
    /// Newest smoothed loss of the selected run.
    std::optional<double> smoothedLoss() const;
    void showStep(std::int64_t step);  ///< puts the cursor there
    std::optional<std::int64_t> cursorStep();
    /// Where there is room, a denoiser's run shows its learning rate too.
    void setRoomy(bool roomy);
    ChartStack& stack() { return *stack_; }

Q_SIGNALS:
    void logToggled();
    void eventClicked(int index);

private:
    struct Line {
        std::shared_ptr<StoredRun> run;
        RunTimeline timeline;
        int loss = -1, accuracy = -1;  ///< accuracy: or Frechet distance
    };
    void addRun(const std::shared_ptr<StoredRun>& run, bool selected);
    void addRows(Line& line, std::size_t firstStep, std::size_t firstEval);
    void addSchedules(const Line& line);
    void addScheduleRows(const Line& line, std::size_t firstStep);
    void refreshPlan();
    void refreshRange();
    void refreshPanels();
    Line* selectedLine();

    StudioContext& context_;
    ChartStack* stack_;
    PlotPanel *loss_, *accuracy_, *schedules_;
    EventStrip* strip_;
    std::vector<Line> lines_;
    std::shared_ptr<StoredRun> selected_;
    std::vector<int> markEvents_;  ///< event index of every mark
    XMode mode_ = XMode::Step;
    int rateSeries_ = -1, alphaSeries_ = -1, judgedSeries_ = -1;
    bool roomy_ = false;
    ModelTask task_ = ModelTask::Classify;  ///< of the selected run; others are drawn where theirs is the same
    double rateScale_ = 1;
};

}  // namespace vl
