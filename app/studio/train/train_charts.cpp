// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/train_charts.h"

#include <QRegularExpression>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/train/denoiser_charts.h"
#include "app/studio/train/task_score.h"
#include "engine/api/engine.h"
#include "engine/api/schedule.h"

namespace vl {
namespace {

constexpr int kPlanPoints = 400;

QString superscript(int number) {
    static const QString digits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
    QString text;
    for (const QChar c : QString::number(number))
        text += c == '-' ? QChar(0x207B) : digits[c.digitValue()];
    return text;
}

/// "× 0.75" for "learning rate 0.002 to 0.0015": what a strip has room for. Empty when these are no numbers.
QString editRatio(const QString& text) {
    static const QRegularExpression pattern(QStringLiteral("([-+0-9.eE]+) to ([-+0-9.eE]+)$"));
    const auto match = pattern.match(text);
    bool first = false, second = false;
    const double before = match.captured(1).toDouble(&first), after = match.captured(2).toDouble(&second);
    if (!first || !second || before == 0) return {};
    return QStringLiteral("× ") + QString::number(after / before, 'g', 3);
}

}  // namespace

TrainCharts::TrainCharts(StudioContext& context, QWidget* parent) : QWidget(parent), context_(context) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    stack_ = new ChartStack;
    layout->addWidget(stack_);
    loss_ = stack_->addPanel(tr("Training loss"), 24);
    strip_ = stack_->addStrip();
    accuracy_ = stack_->addPanel(tr("Test accuracy, %"), 12);
    schedules_ = stack_->addPanel(tr("Schedules"), 12);
    loss_->setMinimumHeight(96);
    schedules_->setMinimumHeight(96);
    accuracy_->setRightBounds(0, 104);
    schedules_->setYBounds(0, std::nullopt);
    schedules_->setRightBounds(0, 1.04);
    refreshPanels();
    connect(loss_, &PlotPanel::logToggled, this, &TrainCharts::logToggled);
    connect(strip_, &EventStrip::markClicked, this, [this](int index) {
        if (index < int(markEvents_.size())) Q_EMIT eventClicked(markEvents_[std::size_t(index)]);
    });
    stack_->axis().flagText = [this](double x) {
        const Line* line = selectedLine();
        if (!line) return stack_->axis().valueText(x);
        const QString epoch = QString::number(line->timeline.epochAt(x), 'f', 1);
        const QString place = tr("step %1 epoch %2").arg(countText(double(line->timeline.stepAt(x))), epoch);
        return mode_ == XMode::Step ? place : stack_->axis().valueText(x) + "  " + place;
    };
}

TrainCharts::Line* TrainCharts::selectedLine() {
    for (Line& line : lines_)
        if (line.run == selected_) return &line;
    return nullptr;
}

void TrainCharts::rebuild(const std::shared_ptr<StoredRun>& selected) {
    selected_ = selected;
    lines_.clear();
    for (PlotPanel* panel : stack_->panels())
        panel->clearSeries();
    rateSeries_ = alphaSeries_ = judgedSeries_ = -1;
    task_ = selected ? taskOf(rowsOf(context_, *selected).settings) : ModelTask::Classify;
    refreshPanels();
    if (selected) addRun(selected, true);
    for (const auto& run : context_.runs.runs())
        if (run->visible && run != selected && taskOf(rowsOf(context_, *run).settings) == task_)
            addRun(run, false);
    if (Line* line = selectedLine()) {
        addSchedules(*line);
        addScheduleRows(*line, 0);
    }
    refreshPlan();
    refreshEvents();
    refreshRange();
}

void TrainCharts::addRun(const std::shared_ptr<StoredRun>& run, bool selected) {
    const RunRows rows = rowsOf(context_, *run);
    Line line{run, RunTimeline(mode_, rows.settings.data.batch), -1, -1};
    const int dash = int(lines_.size()) / 4;
    line.loss = loss_->addSeries({run->name, run->series, SeriesDraw::RawAndSmoothed, false, 3, true, selected, dash});
    line.accuracy = accuracy_->addSeries(
        {run->name, run->series, SeriesDraw::LineAndPoints, false, task_ == ModelTask::Generate ? 1 : 2, false, selected, dash});
    if (task_ == ModelTask::Generate && selected) judgedSeries_ = addJudged(*accuracy_, *run);
    lines_.push_back(std::move(line));
    addRows(lines_.back(), 0, 0);
}

void TrainCharts::addRows(Line& line, std::size_t firstStep, std::size_t firstEval) {
    const RunRows rows = rowsOf(context_, *line.run);
    line.timeline.append(*rows.steps, firstStep);
    std::vector<double> values;
    values.reserve(rows.steps->size() - std::min(firstStep, rows.steps->size()));
    for (std::size_t i = firstStep; i < rows.steps->size(); ++i)
        values.push_back((*rows.steps)[i].loss);
    const auto& x = line.timeline.x();
    loss_->appendData(line.loss, std::span(x).subspan(std::min(firstStep, x.size())), values);

    std::vector<double> evalX, evalY;
    for (std::size_t i = firstEval; i < rows.evals->size(); ++i)
        if (const auto score = scoreOf(task_, (*rows.evals)[i])) {
            evalX.push_back(line.timeline.xOf((*rows.evals)[i].step));
            evalY.push_back(*score);
        }
    accuracy_->appendData(line.accuracy, evalX, evalY);
    if (line.run == selected_ && judgedSeries_ >= 0)
        appendJudged(*accuracy_, judgedSeries_, line.timeline, *rows.evals, firstEval);
}

void TrainCharts::addSchedules(const Line& line) {
    const RunRows rows = rowsOf(context_, *line.run);
    double top = rows.settings.train.lr;
    for (const StepMetrics& row : *rows.steps)
        top = std::max(top, row.lr);
    // Rates are small: a power of ten in the name keeps the axis numbers short.
    const int power = top > 0 && top < 0.1 ? int(std::floor(std::log10(top))) : 0;
    rateScale_ = std::pow(10.0, -power);
    const QString rate =
        power == 0 ? tr("learning rate, left") : tr("learning rate, ×10%1, left").arg(superscript(power));
    rateSeries_ = schedules_->addSeries({rate, line.run->series, SeriesDraw::Line, false, 3});
    if (task_ != ModelTask::Classify) return;
    const int alphaColour = line.run->series == 3 ? 0 : 3;
    alphaSeries_ = schedules_->addSeries({tr("soft-mask α, right"), alphaColour, SeriesDraw::Line, true, 3});
}

void TrainCharts::addScheduleRows(const Line& line, std::size_t firstStep) {
    const RunRows rows = rowsOf(context_, *line.run);
    std::vector<double> rate, alpha;
    for (std::size_t i = firstStep; i < rows.steps->size(); ++i) {
        rate.push_back((*rows.steps)[i].lr * rateScale_);
        alpha.push_back((*rows.steps)[i].alpha);
    }
    const auto x = std::span(line.timeline.x()).subspan(std::min(firstStep, line.timeline.x().size()));
    schedules_->appendData(rateSeries_, x, rate);
    if (alphaSeries_ >= 0) schedules_->appendData(alphaSeries_, x, alpha);
}

void TrainCharts::refreshPlan() {
    const Line* line = selectedLine();
    if (!line || rateSeries_ < 0) return;
    const RunRows rows = rowsOf(context_, *line->run);
    std::vector<double> x, rate, alpha;
    const std::int64_t from = rows.steps->empty() ? 0 : rows.steps->back().step;
    if (isActive(rows.state) && rows.stepsPerEpoch > 0 && rows.totalSteps > from) {
        for (int i = 0; i <= kPlanPoints; ++i) {
            const std::int64_t step = from + (rows.totalSteps - from) * i / kPlanPoints;
            if (!x.empty() && step == from) continue;
            x.push_back(line->timeline.planned(step));
            rate.push_back(learningRate(rows.settings.train, step, rows.stepsPerEpoch, rows.totalSteps) * rateScale_);
            alpha.push_back(softMaskAlpha(rows.settings.softMask, step, rows.stepsPerEpoch));
        }
    }
    schedules_->setNote(x.empty() ? QString() : tr("dashed: still to come"));
    schedules_->setPlan(rateSeries_, x, rate);
    if (alphaSeries_ >= 0) schedules_->setPlan(alphaSeries_, x, alpha);
}

void TrainCharts::refreshRange() {
    double upper = 0;
    for (const Line& line : lines_) {
        if (!line.timeline.x().empty()) upper = std::max(upper, line.timeline.x().back());
        const RunRows rows = rowsOf(context_, *line.run);
        if (line.run == selected_ && isActive(rows.state) && rows.totalSteps > 0)
            upper = std::max(upper, line.timeline.planned(rows.totalSteps));
    }
    stack_->axis().setFull(0, upper > 0 ? upper : 1);
    const Line* line = selectedLine();
    const bool running = line && isActive(rowsOf(context_, *line->run).state) && !line->timeline.x().empty();
    stack_->axis().setNow(running ? std::optional(line->timeline.x().back()) : std::nullopt);
}

void TrainCharts::appendLive(std::size_t firstStep, std::size_t firstEval) {
    for (Line& line : lines_) {
        if (!line.run->live) continue;
        addRows(line, firstStep, firstEval);
        if (line.run == selected_ && rateSeries_ >= 0) addScheduleRows(line, firstStep);
    }
    refreshPlan();
    refreshRange();
}

void TrainCharts::refreshPanels() {
    const TaskScore score = taskScore(task_);
    const bool filmed = task_ != ModelTask::Classify;
    loss_->setUnit(score.loss);
    accuracy_->setTitle(score.title);
    accuracy_->setUnit(score.unit);
    accuracy_->setYBounds(0, score.percent ? std::optional(100.0) : std::nullopt);
    schedules_->setTitle(filmed ? tr("Learning rate") : tr("Schedules"));
    // The convergence curve is what such a training is judged by: nearly as high as the loss.
    stack_->setStretch(accuracy_, filmed ? 20 : 12);
    accuracy_->setMinimumHeight(filmed ? 104 : 76);
    stack_->setPanelShown(schedules_, !filmed || roomy_);
}

void TrainCharts::setRoomy(bool roomy) {
    roomy_ = roomy;
    refreshPanels();
}

void TrainCharts::refreshEvents() {
    std::vector<EventStrip::Mark> marks;
    std::vector<std::pair<double, int>> order;
    if (const Line* line = selectedLine()) {
        const RunRows rows = rowsOf(context_, *line->run);
        for (std::size_t i = 0; i < rows.events->size(); ++i) {
            const RunEvent& event = (*rows.events)[i];
            if (event.kind == RunEventKind::Evaluate) continue;  // the curve below shows them
            const EventLook look = eventLook(event.kind);
            const double x = line->timeline.xOf(event.step);
            const QString text = QString::fromStdString(event.text);
            QString label = look.word;
            if (event.kind == RunEventKind::Checkpoint) label = countText(double(event.step));
            if (event.kind == RunEventKind::Edit) label = editRatio(text);
            marks.push_back({x, look.icon, look.tone, label,
                             tr("%1 at step %2: %3").arg(look.word, countText(double(event.step)), text)});
            order.emplace_back(x, int(i));
        }
    }
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    markEvents_.clear();
    for (const auto& [x, index] : order)
        markEvents_.push_back(index);
    strip_->setMarks(std::move(marks));
}

void TrainCharts::setXMode(XMode mode) {
    if (mode == mode_) return;
    mode_ = mode;
    const bool time = mode == XMode::Time;
    stack_->axis().setKind(time ? ChartAxis::Kind::Duration : ChartAxis::Kind::Count, time ? tr("Time")
                                                                                      : mode == XMode::Step
                                                                                          ? tr("Step")
                                                                                          : tr("Images seen"));
    rebuild(selected_);
}

void TrainCharts::setLog(bool log) { loss_->setLogY(log); }

void TrainCharts::setSmoothing(double beta) { stack_->setSmoothing(beta); }

std::optional<double> TrainCharts::smoothedLoss() const {
    for (const Line& line : lines_)
        if (line.run == selected_ && !loss_->data(line.loss).empty()) return loss_->data(line.loss).smoothed().back();
    return std::nullopt;
}

std::optional<std::int64_t> TrainCharts::cursorStep() {
    const Line* line = selectedLine();
    const auto cursor = stack_->axis().cursor();
    return line && cursor ? std::optional(line->timeline.stepAt(*cursor)) : std::nullopt;
}

void TrainCharts::showStep(std::int64_t step) {
    if (const Line* line = selectedLine()) stack_->axis().setCursor(line->timeline.xOf(step));
}

}  // namespace vl
