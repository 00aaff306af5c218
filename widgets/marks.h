// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "engine/api/settings.h"
#include "engine/api/types.h"
#include "widgets/tone.h"

namespace vl {

/// The word people read for a state, e.g. "Pausing…".
QString stateWord(RunState state);
/// The icon that repeats it, and its tone.
QString stateIcon(RunState state);
Tone stateTone(RunState state);

/// Shape, colour and word of a run state on its tint; 20 high. With a detail: "Running 6,240 / 14,040".
class StateChip : public QWidget {
    Q_OBJECT
public:
    explicit StateChip(QWidget* parent = nullptr);
    RunState state() const { return state_; }
    void setState(RunState state);
    void setDetail(const QString& detail);  ///< mono text after the word
    QSize sizeHint() const override;

Q_SIGNALS:
    void clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void restate();
    RunState state_ = RunState::Idle;
    QString detail_;
};

/// Small word in a frame. The three `Applies` kinds: now = accent outline, next epoch = neutral outline,
/// next run = filled with a lock.
class Badge : public QWidget {
    Q_OBJECT
public:
    enum class Look { Accent, Outline, Filled, Locked };
    Badge(const QString& text, Look look, QWidget* parent = nullptr);
    static Badge* forApplies(Applies applies, QWidget* parent = nullptr);
    QString text() const { return text_; }
    void setText(const QString& text);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString text_;
    Look look_;
};

/// The keys of a shortcut as small caps: "Ctrl+K", "[".
class KeyCap : public QWidget {
    Q_OBJECT
public:
    explicit KeyCap(const QString& keys, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString keys_;
};

/// Bar 4 px high; `share` 0..1. Its accessible description says the percentage.
class ThinProgress : public QWidget {
    Q_OBJECT
public:
    explicit ThinProgress(QWidget* parent = nullptr);
    double share() const { return share_; }
    void setShare(double share);
    void setTone(Tone tone);
    /// Hidden, it still takes its room: what lies below does not jump when a job is done.
    void keepItsPlace();
    QSize sizeHint() const override { return {112, 4}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double share_ = 0;
    Tone tone_ = Tone::Accent;
};

}  // namespace vl
