// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <vector>

#include <QWidget>

#include "widgets/attention_canvas.h"

class QLabel;
class QToolButton;

namespace vl {

/// The pinned queries with what each keeps, and a way to let one go.
class PinList : public QWidget {
    Q_OBJECT
public:
    struct Row {
        QString label, value;  ///< "(1, 3)", "0.482"; an empty label frees the slot
    };
    explicit PinList(QWidget* parent = nullptr);
    void setPins(const std::array<Row, maxPins>& rows, const QString& valueName);

Q_SIGNALS:
    void unpin(int slot);

private:
    struct Line {
        QWidget* row;
        QLabel *label, *name, *value;
    };
    std::array<Line, maxPins> lines_;
    QLabel* hint_;
};

}  // namespace vl
