// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/schedules/schedule_draft.h"

#include <algorithm>
#include <cmath>

#include "engine/api/schedule.h"

namespace vl {
namespace {

constexpr double leastGap = 0.01;  // epochs between two nodes

}  // namespace

bool sameSchedule(const SoftMaskSettings& a, const SoftMaskSettings& b) {
    const bool sameNodes = a.schedule != "piecewise" || a.nodes == b.nodes;
    return a.schedule == b.schedule && a.start == b.start && a.cutoffEpochs == b.cutoffEpochs && sameNodes;
}

class DraftCommand : public QUndoCommand {
public:
    DraftCommand(ScheduleDraft& draft, const QString& text, SoftMaskSettings next, int gesture)
        : QUndoCommand(text), draft_(draft), before_(draft.settings_), after_(std::move(next)), gesture_(gesture) {}
    void undo() override { draft_.apply(before_); }
    void redo() override { draft_.apply(after_); }
    int id() const override { return gesture_ > 0 ? 1 : -1; }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = static_cast<const DraftCommand*>(other);
        if (next->gesture_ != gesture_) return false;
        after_ = next->after_;
        return true;
    }

private:
    ScheduleDraft& draft_;
    SoftMaskSettings before_, after_;
    int gesture_;
};

ScheduleDraft::ScheduleDraft(QObject* parent) : QObject(parent) {}

void ScheduleDraft::apply(const SoftMaskSettings& settings) {
    settings_ = settings;
    Q_EMIT changedState();
}

void ScheduleDraft::push(const QString& text, SoftMaskSettings next, int gesture) {
    if (sameSchedule(next, settings_)) return;
    undo_.push(new DraftCommand(*this, text, std::move(next), gesture));
}

void ScheduleDraft::setBaseline(const SoftMaskSettings& baseline) {
    baseline_ = baseline;
    undo_.clear();
    apply(baseline);
}

void ScheduleDraft::followBaseline(const SoftMaskSettings& baseline) {
    if (!changed()) return setBaseline(baseline);
    baseline_ = baseline;
    Q_EMIT changedState();
}

void ScheduleDraft::discard() { push(tr("discard"), baseline_, 0); }

void ScheduleDraft::setTraining(const TrainSettings& train, std::int64_t stepsPerEpoch) {
    train_ = train;
    train_.epochs = std::max(train.epochs, leastGap);
    if (stepsPerEpoch > 0) stepsPerEpoch_ = stepsPerEpoch;
    if (train.maxSteps > 0)
        train_.epochs =
            std::min(train_.epochs, static_cast<double>(train.maxSteps) / static_cast<double>(stepsPerEpoch_));
    Q_EMIT changedState();
}

void ScheduleDraft::setLength(double epochs) {
    train_.epochs = std::max(epochs, leastGap);
    Q_EMIT changedState();
}

void ScheduleDraft::choosePreset(const std::string& schedule) {
    SoftMaskSettings next = settings_;
    if (schedule == "piecewise" && next.schedule != "piecewise") next.nodes = asNodes();
    next.schedule = schedule;
    push(tr("choose schedule"), next, 0);
}

void ScheduleDraft::setStart(double alpha, int gesture) {
    SoftMaskSettings next = settings_;
    next.start = std::clamp(alpha, 0.0, 1.0);
    push(tr("change start"), next, gesture);
}

void ScheduleDraft::setCutoff(double epochs, int gesture) {
    SoftMaskSettings next = settings_;
    next.cutoffEpochs = std::max(epochs, 0.0);
    push(tr("change cut-off"), next, gesture);
}

void ScheduleDraft::moveNode(int index, double epoch, double alpha, int gesture) {
    if (index < 0 || index >= static_cast<int>(nodes().size()) || !std::isfinite(epoch) || !std::isfinite(alpha))
        return;
    if (!custom()) return index == 0 ? setStart(alpha, gesture) : setCutoff(epoch, gesture);
    SoftMaskSettings next = settings_;
    auto& list = next.nodes;
    const double low = index > 0 ? list[index - 1].epoch + leastGap : 0;
    const double high = index + 1 < static_cast<int>(list.size()) ? list[index + 1].epoch - leastGap
                                                                  : std::max(length(), list[index].epoch);
    if (low <= high) list[index].epoch = std::clamp(epoch, low, high);
    list[index].value = std::clamp(alpha, 0.0, 1.0);
    push(tr("move node"), next, gesture);
}

int ScheduleDraft::addNode(double epoch, double alpha) {
    SoftMaskSettings next = settings_;
    next.nodes = asNodes();
    next.schedule = "piecewise";
    epoch = std::clamp(epoch, 0.0, length());
    const auto at = std::ranges::lower_bound(next.nodes, epoch, {}, &ScheduleNode::epoch);
    const bool crowded = (at != next.nodes.end() && at->epoch - epoch < leastGap) ||
                         (at != next.nodes.begin() && epoch - std::prev(at)->epoch < leastGap);
    if (crowded) return -1;
    const bool linear = at != next.nodes.begin() && std::prev(at)->linear;
    const double value = alpha < 0 ? alphaAt(epoch) : std::min(alpha, 1.0);
    const int index = static_cast<int>(at - next.nodes.begin());
    next.nodes.insert(at, {epoch, value, linear});
    push(tr("add node"), next, 0);
    return index;
}

void ScheduleDraft::removeNode(int index) {
    if (!custom() || settings_.nodes.size() < 2 || index < 0 || index >= static_cast<int>(settings_.nodes.size()))
        return;
    SoftMaskSettings next = settings_;
    next.nodes.erase(next.nodes.begin() + index);
    push(tr("remove node"), next, 0);
}

void ScheduleDraft::setLinear(int index, bool linear) {
    if (!custom() || index < 0 || index >= static_cast<int>(settings_.nodes.size())) return;
    SoftMaskSettings next = settings_;
    next.nodes[index].linear = linear;
    push(tr("change node"), next, 0);
}

// A preset as nodes that give the same values: linear reaches zero on the last step before the cut-off.
std::vector<ScheduleNode> ScheduleDraft::asNodes() const {
    if (custom() && !settings_.nodes.empty()) return settings_.nodes;
    const auto n = static_cast<double>(stepsPerEpoch_);
    const double steps = std::round(settings_.cutoffEpochs * n);
    if (settings_.schedule == "constant" && steps >= 1) return {{0, settings_.start, false}, {steps / n, 0, false}};
    if (settings_.schedule == "linear" && steps >= 2) return {{0, settings_.start, true}, {(steps - 1) / n, 0, false}};
    return {{0, settings_.schedule == "standard" || custom() ? settings_.start : 0, false}};
}

std::vector<ScheduleNode> ScheduleDraft::nodes() const {
    if (custom()) return asNodes();
    std::vector<ScheduleNode> list{{0, settings_.start, settings_.schedule == "linear"}};
    if (settings_.schedule != "standard") list.push_back({settings_.cutoffEpochs, 0, false});
    return list;
}

std::vector<CurveNode> ScheduleDraft::handles() const {
    std::vector<CurveNode> list;
    for (const auto& node : nodes())
        list.push_back({node.epoch, node.value, false, false});
    if (custom()) return list;
    list[0].lockX = true;
    if (list.size() > 1) list[1].lockY = true;
    return list;
}

std::int64_t ScheduleDraft::totalSteps() const {
    return std::max<std::int64_t>(std::llround(length() * static_cast<double>(stepsPerEpoch_)), 1);
}

std::int64_t ScheduleDraft::stepAt(double epoch) const {
    return std::clamp<std::int64_t>(
        static_cast<std::int64_t>(std::floor(epoch * static_cast<double>(stepsPerEpoch_) + 1e-9)), 0, totalSteps() - 1);
}

double ScheduleDraft::alphaAt(double epoch) const { return softMaskAlpha(settings_, stepAt(epoch), stepsPerEpoch_); }

std::vector<std::int64_t> ScheduleDraft::drawnSteps(const SoftMaskSettings& settings) const {
    const std::int64_t last = totalSteps() - 1;
    std::vector<std::int64_t> steps{0, last};
    constexpr int dense = 600;
    for (int i = 1; i < dense; ++i)
        steps.push_back(last * i / dense);
    const auto around = [&](double epoch) {
        const auto middle = std::llround(epoch * static_cast<double>(stepsPerEpoch_));
        for (std::int64_t s = middle - 2; s <= middle + 1; ++s)
            if (s >= 0 && s <= last) steps.push_back(s);
    };
    if (settings.schedule == "piecewise")
        for (const auto& node : settings.nodes)
            around(node.epoch);
    else if (settings.schedule != "standard")
        around(settings.cutoffEpochs);
    around(train_.warmupEpochs);
    std::ranges::sort(steps);
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    return steps;
}

std::vector<QPointF> ScheduleDraft::curveOf(const SoftMaskSettings& settings) const {
    std::vector<QPointF> points;
    const auto n = static_cast<double>(stepsPerEpoch_);
    for (auto step : drawnSteps(settings))
        points.emplace_back(static_cast<double>(step) / n, softMaskAlpha(settings, step, stepsPerEpoch_));
    points.emplace_back(length(), points.back().y());
    return points;
}

std::vector<QPointF> ScheduleDraft::curve() const { return curveOf(settings_); }

SoftMaskSettings ScheduleDraft::reference() const {
    SoftMaskSettings linear = settings_;
    linear.schedule = "linear";
    linear.nodes.clear();
    return linear;
}

std::vector<QPointF> ScheduleDraft::learningRateCurve() const {
    std::vector<QPointF> points;
    const auto n = static_cast<double>(stepsPerEpoch_);
    for (auto step : drawnSteps(settings_))
        points.emplace_back(static_cast<double>(step) / n, learningRate(train_, step, stepsPerEpoch_, totalSteps()));
    return points;
}

}  // namespace vl
