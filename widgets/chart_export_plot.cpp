// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart_export_plot.h"

#include <algorithm>

#include "widgets/labels.h"
#include "widgets/plot_range.h"
#include "widgets/plot_tickers.h"

namespace vl {
namespace {

constexpr int kLeft = 64, kRight = 56, kTitle = 28, kLegend = 22, kAxis = 38, kGap = 8;

void fill(QCPGraph* graph, const std::vector<double>& x, const std::vector<double>& y,
          const ChartDocument::Panel& panel, bool right) {
    QVector<QCPGraphData> points;
    points.reserve(qsizetype(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i)
        if (!panel.logY || right || y[i] > 0) points.append({x[i], y[i]});
    graph->data()->set(points, true);
}

QPair<double, double> rangeOf(const ChartDocument& document, const ChartDocument::Panel& panel, bool right) {
    RangeFinder finder(panel.logY && !right);
    for (const auto& s : panel.series) {
        if (s.spec.rightAxis != right) continue;
        if (s.spec.draw == SeriesDraw::RawAndSmoothed) finder.addNoisy(s.x, s.raw, document.lower, document.upper);
        finder.add(s.x, s.smoothed, document.lower, document.upper);
        finder.add(s.planX, s.planY, document.lower, document.upper);
    }
    return finder.range(right ? std::nullopt : panel.lowerBound, right ? std::nullopt : panel.upperBound);
}

void styleAxis(QCPAxis* axis, const Tokens& t, bool base) {
    axis->setTickLabelFont(Theme::monoFont(11));
    axis->setTickLabelColor(t.text2);
    axis->setLabelFont(Theme::uiFont(11));
    axis->setLabelColor(t.text2);
    axis->setTickLength(0, 0);
    axis->setSubTicks(false);
    axis->setTickLabelPadding(6);
    axis->setBasePen(base ? QPen(t.controlLine, 1) : QPen(Qt::NoPen));
    axis->grid()->setPen(QPen(t.line, 0.7));
    axis->grid()->setZeroLinePen(Qt::NoPen);
}

void addGraphs(QCustomPlot& plot, QCPAxisRect* area, const ChartDocument& document, const ChartDocument::Panel& panel) {
    const Tokens& t = lightTokens();
    QCPAxis* marks = area->addAxis(QCPAxis::atRight);
    marks->setVisible(false);
    marks->setRange(0, 1);
    for (const auto& s : panel.series) {
        QCPAxis *x = area->axis(QCPAxis::atBottom),
                *y = area->axis(s.spec.rightAxis ? QCPAxis::atRight : QCPAxis::atLeft, 0);
        y->setVisible(true);
        const QColor colour = t.series[std::size_t(s.spec.colour) % t.series.size()];
        const bool noisy = s.spec.draw == SeriesDraw::RawAndSmoothed;
        if (noisy) {
            QCPGraph* raw = plot.addGraph(x, y);
            raw->setLayer(s.spec.front ? "rawFront" : "raw");
            raw->setPen(QPen(panel.smoothing > 0 ? t.rawColour(s.spec.colour) : colour, 0.7));
            fill(raw, s.x, s.raw, panel, s.spec.rightAxis);
        }
        if (!noisy || panel.smoothing > 0) {
            QCPGraph* line = plot.addGraph(x, y);
            if (s.spec.front) line->setLayer("front");
            QPen pen(colour, 1.5, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
            if (s.spec.dash == 1) pen.setDashPattern({4, 2});
            if (s.spec.dash >= 2) pen.setDashPattern({1, 1.5});
            line->setPen(pen);
            if (s.spec.draw == SeriesDraw::LineAndPoints)
                line->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colour, colour, 4));
            const Thinned seen = thinned(s.x, s.smoothed, document.lower, document.upper, 1000);
            fill(line, seen.x, seen.y, panel, s.spec.rightAxis);
        }
        QCPGraph* plan = plot.addGraph(x, y);
        QPen dashed(colour, 1.2, Qt::CustomDashLine, Qt::FlatCap);
        dashed.setDashPattern({2, 2.67});
        plan->setPen(dashed);
        fill(plan, s.planX, s.planY, panel, s.spec.rightAxis);
        QCPGraph* lost = plot.addGraph(x, marks);
        lost->setLineStyle(QCPGraph::lsNone);
        lost->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssTriangleInverted, t.error, t.error, 7));
        for (const double at : s.nonFiniteX)
            lost->addData(at, 0.97);
    }
}

void setUpPanel(QCustomPlot& plot, QCPAxisRect* area, const ChartDocument& document, std::size_t index, int height) {
    const Tokens& t = lightTokens();
    const auto& panel = document.panels[index];
    const bool lowest = index + 1 == document.panels.size();
    area->setAutoMargins(QCP::msNone);
    area->setMargins({kLeft, kLegend + (index == 0 ? kTitle : 0), kRight, lowest ? kAxis : kGap});
    QCPAxis *x = area->axis(QCPAxis::atBottom), *y = area->axis(QCPAxis::atLeft),
            *right = area->axis(QCPAxis::atRight, 0);
    area->axis(QCPAxis::atTop)->setVisible(false);
    right->setVisible(false);
    for (QCPAxis* axis : {x, y, right})
        styleAxis(axis, t, axis != right);
    QSharedPointer<RoundTicker> xTicks(
        new RoundTicker(document.duration ? RoundTicker::Scale::Duration : RoundTicker::Scale::Linear, true));
    QSharedPointer<RoundTicker> yTicks(
        new RoundTicker(panel.logY ? RoundTicker::Scale::Log : RoundTicker::Scale::Linear));
    QSharedPointer<RoundTicker> rightTicks(new RoundTicker(RoundTicker::Scale::Linear));
    xTicks->setWanted(6);
    yTicks->setWanted(std::clamp(height / 40, 2, 7));
    rightTicks->setWanted(std::clamp(height / 40, 2, 7));
    x->setTicker(xTicks), y->setTicker(yTicks), right->setTicker(rightTicks);
    x->setTickLabels(lowest);
    if (lowest) x->setLabel(document.xTitle);
    if (!panel.unit.isEmpty()) y->setLabel(panel.unit);
    y->setLabelPadding(4);
    if (panel.logY) {
        y->setRange(0.1, 10);
        y->setScaleType(QCPAxis::stLogarithmic);
    }
    addGraphs(plot, area, document, panel);
    x->setRange(document.lower, document.upper);
    const auto range = rangeOf(document, panel, false), second = rangeOf(document, panel, true);
    y->setRange(range.first, range.second);
    right->setRange(second.first, second.second);
}

/// The legend is drawn by hand above each chart: swatch and name, as in the window, without values.
void drawLegend(QPainter& painter, const ChartDocument::Panel& panel, QRect row) {
    const Tokens& t = lightTokens();
    painter.setFont(Theme::uiFont(12, QFont::DemiBold));
    painter.setPen(t.text);
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, panel.title);
    int x = row.left() + std::max(120, QFontMetrics(painter.font()).horizontalAdvance(panel.title) + 16);
    painter.setFont(Theme::uiFont(12));
    for (const auto& s : panel.series) {
        painter.fillRect(x, row.center().y() - 1, 12, 3, t.series[std::size_t(s.spec.colour) % t.series.size()]);
        x += 18;
        painter.setPen(t.text2);
        painter.drawText(QRect(x, row.top(), 400, row.height()), Qt::AlignLeft | Qt::AlignVCenter, s.spec.name);
        x += QFontMetrics(painter.font()).horizontalAdvance(s.spec.name) + 16;
    }
    if (panel.smoothing <= 0) return;
    const bool noisy = std::any_of(panel.series.begin(), panel.series.end(),
                                   [](const auto& s) { return s.spec.draw == SeriesDraw::RawAndSmoothed; });
    if (!noisy) return;
    painter.setPen(t.text3);
    painter.drawText(QRect(x, row.top(), 400, row.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     QObject::tr("smoothed %1").arg(panel.smoothing, 0, 'g', 3));
}

}  // namespace

void drawDocument(const ChartDocument& document, QPaintDevice& device, QSize pixels, double scale, bool vector) {
    QCustomPlot plot;
    plot.setNotAntialiasedElements(QCP::aeNone);
    plot.plotLayout()->clear();
    plot.plotLayout()->setRowSpacing(0);
    plot.plotLayout()->setMargins({});
    plot.setBackground(Qt::NoBrush);
    plot.addLayer("raw", plot.layer("main"), QCustomPlot::limBelow);
    plot.addLayer("rawFront", plot.layer("main"), QCustomPlot::limBelow);
    plot.addLayer("front", plot.layer("main"), QCustomPlot::limAbove);
    const int count = std::max(1, int(document.panels.size()));
    const int height = (pixels.height() - kTitle - kAxis) / count;
    std::vector<QCPAxisRect*> areas;
    for (std::size_t i = 0; i < document.panels.size(); ++i) {
        auto* area = new QCPAxisRect(&plot, true);
        plot.plotLayout()->addElement(int(i), 0, area);
        const bool first = i == 0, last = i + 1 == document.panels.size();
        const int tall = height + (first ? kTitle : 0) + (last ? kAxis - kGap : 0);
        area->setMinimumSize(40, tall);
        area->setMaximumSize(QWIDGETSIZE_MAX, tall);
        for (QCPAxis* axis : area->axes())
            axis->setLayer("axes"), axis->grid()->setLayer("grid");
        setUpPanel(plot, area, document, i, height);
        areas.push_back(area);
    }
    QCPPainter painter(&device);
    painter.scale(scale, scale);
    if (vector) painter.setModes(QCPPainter::PainterModes(QCPPainter::pmVectorized | QCPPainter::pmNoCaching));
    painter.fillRect(QRect(QPoint(0, 0), pixels), Qt::white);
    plot.toPainter(&painter, pixels.width(), pixels.height());
    painter.setFont(Theme::uiFont(15, QFont::DemiBold));
    painter.setPen(lightTokens().text);
    painter.drawText(QRect(8, 0, pixels.width() - 16, kTitle), Qt::AlignLeft | Qt::AlignVCenter, document.title);
    for (std::size_t i = 0; i < areas.size(); ++i)
        drawLegend(painter, document.panels[i],
                   QRect(8, areas[i]->rect().top() - kLegend, pixels.width() - 16, kLegend));
    painter.end();
}

}  // namespace vl
