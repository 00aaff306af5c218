// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QObject>
#include <QPointF>
#include <QUndoStack>

#include "engine/api/settings.h"
#include "widgets/curve_editor.h"

namespace vl {

/// Equal in effect: the nodes of a preset are not in use and make no difference.
bool sameSchedule(const SoftMaskSettings& a, const SoftMaskSettings& b);

/// A soft-mask schedule in the making: every change is one undo step, the moves of one drag together are one.
/// All values come from engine/api/schedule.h; nothing here computes alpha by another way.
class ScheduleDraft : public QObject {
    Q_OBJECT
public:
    explicit ScheduleDraft(QObject* parent = nullptr);

    const SoftMaskSettings& settings() const { return settings_; }
    const SoftMaskSettings& baseline() const { return baseline_; }
    bool changed() const { return !sameSchedule(settings_, baseline_); }
    QUndoStack& undoStack() { return undo_; }

    /// What the run (or the next run) uses. Replaces the draft too and forgets the undo steps.
    void setBaseline(const SoftMaskSettings& baseline);
    /// The engine confirmed another schedule: an unchanged draft follows, a changed one is kept and compared with it.
    void followBaseline(const SoftMaskSettings& baseline);
    /// The draft has been handed over: it is the baseline now, undo stays.
    void markUsed() {
        baseline_ = settings_;
        Q_EMIT changedState();
    }
    void discard();  ///< one undo step back to the baseline

    void setTraining(const TrainSettings& train, std::int64_t stepsPerEpoch);
    const TrainSettings& training() const { return train_; }
    std::int64_t stepsPerEpoch() const { return stepsPerEpoch_; }
    double length() const { return train_.epochs; }  ///< epochs
    void setLength(double epochs);

    void choosePreset(const std::string& schedule);  ///< standard, constant, linear, piecewise (keeps the shape)
    void setStart(double alpha, int gesture = 0);
    void setCutoff(double epochs, int gesture = 0);
    void moveNode(int index, double epoch, double alpha, int gesture = 0);
    /// Turns a preset into a custom curve first. Negative alpha: on the curve. Returns the new index.
    int addNode(double epoch, double alpha = -1);
    void removeNode(int index);  ///< custom only; the last node stays
    void setLinear(int index, bool linear);

    bool custom() const { return settings_.schedule == "piecewise"; }
    /// Handles of the curve as the table lists them: nodes, or what a preset lets one drag.
    std::vector<ScheduleNode> nodes() const;
    std::vector<CurveNode> handles() const;
    std::int64_t stepAt(double epoch) const;  ///< optimiser step shown for a position, within the run
    double alphaAt(double epoch) const;
    /// (epoch, alpha) at every step that matters for drawing: dense, and exact at corners and jumps.
    std::vector<QPointF> curve() const;
    std::vector<QPointF> curveOf(const SoftMaskSettings& settings) const;
    /// The published linear schedule with this start and cut-off.
    SoftMaskSettings reference() const;
    std::vector<QPointF> learningRateCurve() const;

Q_SIGNALS:
    void changedState();

private:
    friend class DraftCommand;
    void push(const QString& text, SoftMaskSettings next, int gesture);
    void apply(const SoftMaskSettings& settings);
    std::vector<ScheduleNode> asNodes() const;
    std::vector<std::int64_t> drawnSteps(const SoftMaskSettings& settings) const;
    std::int64_t totalSteps() const;

    SoftMaskSettings settings_, baseline_;
    TrainSettings train_;
    std::int64_t stepsPerEpoch_ = 937;  ///< 60,000 pictures in batches of 64
    QUndoStack undo_;
};

}  // namespace vl
