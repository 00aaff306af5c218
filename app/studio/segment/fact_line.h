// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "widgets/labels.h"

namespace vl {

/// Names and their values in one line, which costs little to change with every move of the mouse.
class FactLine : public QWidget {
    Q_OBJECT
public:
    struct Part {
        QString name, value, figure;  ///< the figure in numbers' type
    };
    explicit FactLine(QWidget* parent = nullptr);
    void setParts(std::vector<Part> parts, const QString& right);
    QString text() const;  ///< as it is read out
    QSize sizeHint() const override { return {300, 24}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Part> parts_;
    QString right_;
};

}  // namespace vl
