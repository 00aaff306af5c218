// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "widgets/chart_axis.h"
#include "widgets/tone.h"

namespace vl {

/// What happened when, between the charts: a line, an icon right of it, and the words where 64 px are free. A drag selects
/// a stretch: the charts show it, and exports hold what is shown.
class EventStrip : public QWidget {
    Q_OBJECT
public:
    struct Mark {
        double x = 0;
        QString icon;
        Tone tone = Tone::Text2;
        QString label;    ///< short, may be empty
        QString tooltip;  ///< the whole sentence
    };

    explicit EventStrip(ChartAxis& axis, QWidget* parent = nullptr);
    void setMarks(std::vector<Mark> marks);
    const std::vector<Mark>& marks() const { return marks_; }
    /// Index of the mark whose line or icon is at this point, -1: none.
    int markAt(const QPoint& point) const;

Q_SIGNALS:
    void markClicked(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    int insidePlot(int pixel) const;
    ChartAxis& axis_;
    std::vector<Mark> marks_;
    int pressed_ = -1, dragged_ = -1;  ///< pixels; dragged_ < 0: no drag yet
};

}  // namespace vl
