// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace vl {

/// Accent line around the window while something is dragged over it; lets every mouse event through.
class DropFrame : public QWidget {
    Q_OBJECT
public:
    explicit DropFrame(QWidget* window);
    void setShown(bool shown);

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace vl
