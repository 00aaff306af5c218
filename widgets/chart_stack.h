// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "widgets/chart_axis.h"
#include "widgets/event_strip.h"
#include "widgets/plot_panel.h"

class QVBoxLayout;

namespace vl {

/// Charts above each other with one x axis, one cursor line, one "now" line and one flag. `tick()` draws what changed.
class ChartStack : public QWidget {
    Q_OBJECT
public:
    explicit ChartStack(QWidget* parent = nullptr);

    ChartAxis& axis() { return axis_; }
    const ChartAxis& axis() const { return axis_; }
    PlotPanel* addPanel(const QString& title, int stretch);
    EventStrip* addStrip();
    const std::vector<PlotPanel*>& panels() const { return panels_; }  ///< hidden ones too
    /// A panel that says nothing about what is shown takes no room; the lowest of the others carries the x axis.
    void setPanelShown(PlotPanel* panel, bool shown);
    std::vector<PlotPanel*> shownPanels() const;
    /// Another share of the height than the panel was added with.
    void setStretch(PlotPanel* panel, int stretch);
    /// The one timer of the window calls this; returns how many panels drew.
    int tick();
    void setSmoothing(double beta);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Overlay;
    ChartAxis axis_;
    QVBoxLayout* layout_;
    std::vector<PlotPanel*> panels_;
    EventStrip* strip_ = nullptr;
    Overlay* overlay_;
    double smoothing_ = 0;
};

}  // namespace vl
