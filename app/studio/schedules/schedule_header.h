// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QWidget>

#include "widgets/buttons.h"
#include "widgets/labels.h"

class QUndoStack;

namespace vl {

/// What the curve is and where it comes from; the presets, undo and redo, export.
class ScheduleHeader : public QWidget {
    Q_OBJECT
public:
    explicit ScheduleHeader(QUndoStack& undo, QWidget* parent = nullptr);
    void setDetail(const QString& detail);
    QString detail() const { return detail_->text(); }
    void setPreset(const std::string& schedule);

Q_SIGNALS:
    void presetChosen(const std::string& schedule);
    void exportRequested();

private:
    ElidedLabel* detail_;
    SegmentedControl* presets_;
    bool setting_ = false;
};

}  // namespace vl
