// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "app/studio/shell/run_controls.h"

class QButtonGroup;
class QHBoxLayout;
class QLabel;
class QPushButton;

namespace vl {

class ActionRegistry;
class StateChip;
class ThinProgress;
class View;

/// The second row, 48 high: run controls, view tabs, progress and the confirmed state.
class RunBar : public QWidget {
    Q_OBJECT
public:
    explicit RunBar(ActionRegistry& actions, QWidget* parent = nullptr);

    void addTab(const View& view, const QKeySequence& key);
    void setCurrentTab(const QString& viewId);
    void show(const RunStatus& status, const RunControls& controls);

Q_SIGNALS:
    void tabChosen(const QString& viewId);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QPushButton* control(const QString& actionId, const QString& icon, const QString& label);
    void show(QPushButton* button, const ControlState& state);

    ActionRegistry& actions_;
    QPushButton *run_, *pause_, *stop_, *checkpoint_;
    QHBoxLayout* tabRow_;
    QButtonGroup* tabs_;
    ThinProgress* progress_;
    QLabel* percent_;
    StateChip* chip_;
    QLabel* detail_;
    QLabel* step_;
};

}  // namespace vl
