// SPDX-License-Identifier: GPL-3.0-or-later
// How a PlotPanel draws: values into graphs, ranges, colours. What it holds and answers stands in plot_panel.cpp.
#include <algorithm>

#include "widgets/plot_canvas.h"
#include "widgets/plot_panel_series.h"
#include "widgets/plot_range.h"
#include "widgets/plot_tickers.h"
#include "widgets/theme.h"

namespace vl {
namespace {

void fill(QCPGraph* graph, std::span<const double> x, std::span<const double> y, bool positiveOnly) {
    QVector<QCPGraphData> points;
    points.reserve(qsizetype(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i)
        if (!positiveOnly || y[i] > 0) points.append({x[i], y[i]});
    graph->data()->set(points, true);
}

}  // namespace

bool PlotPanel::replotIfDirty() {
    if (!dirty_ || !isVisible()) return false;
    replotNow();
    return true;
}

void PlotPanel::replotNow() {
    dirty_ = false;
    ++replots_;
    canvas_->xAxis->setRange(axis_.lower(), axis_.upper());
    const bool duration = axis_.kind() == ChartAxis::Kind::Duration;
    xTicker_.reset(new RoundTicker(duration ? RoundTicker::Scale::Duration : RoundTicker::Scale::Linear, true));
    canvas_->xAxis->setTicker(xTicker_);
    xTicker_->setWanted(std::clamp(canvas_->width() / 120, 2, 12));
    yTicker_->setWanted(std::clamp(canvas_->height() / 44, 2, 9));
    rightTicker_->setWanted(std::clamp(canvas_->height() / 44, 2, 9));
    fillGraphs();
    fitY();
    canvas_->replot(QCustomPlot::rpQueuedRefresh);
    Q_EMIT replotted();
}

void PlotPanel::fillGraphs() {
    for (auto& s : series_) {
        const bool positive = logY_ && !s->spec.rightAxis;
        if (s->raw && s->rawStale) fill(s->raw, s->data.x(), s->data.raw(), positive);
        s->rawStale = false;
        // A wide pen over noise costs a second; a point for every two pixels looks the same and costs nothing.
        const auto bins = std::size_t(std::max(64, canvas_->width() / 2));
        const bool plain = s->spec.draw != SeriesDraw::RawAndSmoothed;
        const Thinned seen = thinned(s->data.x(), s->data.smoothed(), axis_.lower(), axis_.upper(), bins);
        if (plain || smoothing_ > 0)
            fill(s->line, seen.x, seen.y, positive);
        else
            s->line->data()->clear();
        fill(s->plan, s->planX, s->planY, positive);
        const auto& lost = s->data.nonFiniteX();
        QVector<QCPGraphData> marks;
        const double top = 1 - 5.0 / std::max(20, plotRect().height());
        for (const double x : lost)
            marks.append({x, top});
        s->markers->data()->set(marks, true);
    }
}

QPair<double, double> PlotPanel::automaticRange(bool right) const {
    RangeFinder finder(logY_ && !right);
    for (const auto& s : series_) {
        if (s->spec.rightAxis != right) continue;
        if (s->raw) finder.addNoisy(s->data.x(), s->data.raw(), axis_.lower(), axis_.upper());
        finder.add(s->data.x(), s->data.smoothed(), axis_.lower(), axis_.upper());
        finder.add(s->planX, s->planY, axis_.lower(), axis_.upper());
    }
    return finder.range(right ? std::nullopt : lowerBound_, right ? std::nullopt : upperBound_);
}

void PlotPanel::fitY() {
    const auto left = manualY_ ? *manualY_ : automaticRange(false);
    canvas_->yAxis->setRange(left.first, left.second);
    if (!canvas_->yAxis2->visible()) return;
    const auto second = rightBounds_ ? *rightBounds_ : automaticRange(true);
    canvas_->yAxis2->setRange(second.first, second.second);
}

void PlotPanel::restyle() {
    const Tokens& t = Theme::instance().tokens();
    canvas_->setBackground(QBrush(t.window));
    for (QCPAxis* axis : {canvas_->xAxis, canvas_->yAxis, canvas_->yAxis2}) {
        axis->setTickLabelFont(Theme::monoFont(11));
        axis->setTickLabelColor(t.text2);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setSubTicks(false);
        axis->setTickLength(0, 0);
        axis->setTickLabelPadding(8);
        axis->setBasePen(axis == canvas_->yAxis2 ? QPen(Qt::NoPen) : QPen(t.controlLine, 1));
        axis->grid()->setPen(QPen(t.grid, 1));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    canvas_->xAxis->setTicker(xTicker_);
    canvas_->yAxis->setTicker(yTicker_);
    for (auto& s : series_) {
        const QColor colour = t.series[std::size_t(s->spec.colour) % t.series.size()];
        // Width 0 stays one device pixel at every scale: a scaled wide pen over noise is the slow path.
        if (s->raw) s->raw->setPen(QPen(smoothing_ > 0 ? t.rawColour(s->spec.colour) : colour, 0));
        QPen line(colour, 2, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
        if (s->spec.dash == 1) line.setDashPattern({4, 2});
        if (s->spec.dash >= 2) line.setDashPattern({1, 1.5});
        s->line->setPen(line);
        if (s->spec.draw == SeriesDraw::LineAndPoints)
            s->line->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colour, colour, 5));
        QPen plan(colour, 1.5, Qt::CustomDashLine, Qt::FlatCap);
        plan.setDashPattern({2, 2.67});
        s->plan->setPen(plan);
        s->markers->setLineStyle(QCPGraph::lsNone);
        s->markers->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssTriangleInverted, t.error, t.error, 8));
    }
}

}  // namespace vl
