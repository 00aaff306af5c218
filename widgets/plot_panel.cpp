// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot_panel.h"

#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/plot_canvas.h"
#include "widgets/plot_panel_series.h"
#include "widgets/plot_tickers.h"
#include "widgets/theme.h"

namespace vl {

PlotPanel::PlotPanel(ChartAxis& axis, const QString& title, QWidget* parent)
    : QWidget(parent), axis_(axis), title_(title) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    legend_ = new LegendReadout(title);
    canvas_ = new PlotCanvas(axis, this);
    canvas_->setAccessibleName(title);
    layout->addWidget(legend_);
    layout->addWidget(canvas_, 1);

    QCPAxisRect* area = canvas_->axisRect();
    area->setAutoMargins(QCP::msNone);
    area->setupFullAxesBox(false);
    canvas_->yAxis2->setTickLabels(true);
    // Noise below, lines above it, the selected run on top, whatever the order in the legend.
    canvas_->addLayer("raw", canvas_->layer("main"), QCustomPlot::limBelow);
    canvas_->addLayer("rawFront", canvas_->layer("main"), QCustomPlot::limBelow);
    canvas_->addLayer("front", canvas_->layer("main"), QCustomPlot::limAbove);
    xTicker_.reset(new RoundTicker(RoundTicker::Scale::Linear, true));
    yTicker_.reset(new RoundTicker(RoundTicker::Scale::Linear));
    rightTicker_.reset(new RoundTicker(RoundTicker::Scale::Linear));
    canvas_->xAxis2->setVisible(false);
    canvas_->yAxis2->setVisible(false);
    canvas_->yAxis2->setTicker(rightTicker_);
    // Markers of non-finite values sit on an invisible axis from 0 to 1, whatever the visible range is.
    markerAxis_ = area->addAxis(QCPAxis::atRight);
    markerAxis_->setVisible(false);
    markerAxis_->setRange(0, 1);
    setShowsXAxis(false);

    connect(canvas_, &PlotCanvas::boxChosen, this, &PlotPanel::zoomTo);
    connect(canvas_, &PlotCanvas::boxChanged, this, &PlotPanel::dragBoxChanged);
    connect(canvas_, &PlotCanvas::logToggled, this, &PlotPanel::logToggled);
    connect(canvas_, &PlotCanvas::panned, this, [this](double pixels) {
        const auto [lower, upper] = yRange();
        const double delta = pixels * (upper - lower) / std::max(1, plotRect().height());
        if (logY_) return;  // panning a log axis by differences would distort it
        manualY_ = {lower + delta, upper + delta};
    });
    connect(&axis_, &ChartAxis::rangeChanged, this, &PlotPanel::markDirty);
    connect(&axis_, &ChartAxis::cursorChanged, this, &PlotPanel::refreshLegend);
    connect(&axis_, &ChartAxis::resetRequested, this, [this] {
        manualY_.reset();
        markDirty();
    });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        restyle();
        refreshLegend();
        markDirty();
    });
    restyle();
}

PlotPanel::~PlotPanel() = default;

int PlotPanel::addSeries(const SeriesSpec& spec) {
    auto series = std::make_unique<Series>();
    series->spec = spec;
    QCPAxis* y = spec.rightAxis ? canvas_->yAxis2 : canvas_->yAxis;
    if (spec.rightAxis) canvas_->yAxis2->setVisible(true);
    if (spec.draw == SeriesDraw::RawAndSmoothed) {
        series->raw = canvas_->addGraph(canvas_->xAxis, y);
        series->raw->setLayer(spec.front ? "rawFront" : "raw");
        series->data.setSmoothing(smoothing_);
    }
    series->plan = canvas_->addGraph(canvas_->xAxis, y);
    series->line = canvas_->addGraph(canvas_->xAxis, y);
    series->markers = canvas_->addGraph(canvas_->xAxis, markerAxis_);
    if (spec.front) series->line->setLayer("front");
    series_.push_back(std::move(series));
    restyle();
    refreshLegend();
    markDirty();
    return int(series_.size()) - 1;
}

int PlotPanel::seriesCount() const { return int(series_.size()); }
const SeriesSpec& PlotPanel::spec(int series) const { return series_.at(std::size_t(series))->spec; }
const SeriesData& PlotPanel::data(int series) const { return series_.at(std::size_t(series))->data; }
const std::vector<double>& PlotPanel::planX(int series) const { return series_.at(std::size_t(series))->planX; }
const std::vector<double>& PlotPanel::planY(int series) const { return series_.at(std::size_t(series))->planY; }

void PlotPanel::clearSeries() {
    series_.clear();
    canvas_->clearGraphs();
    canvas_->yAxis2->setVisible(false);
    refreshLegend();
    markDirty();
}

void PlotPanel::setData(int series, std::span<const double> x, std::span<const double> y) {
    Series& s = *series_.at(std::size_t(series));
    s.data.assign(x, y);
    s.rawStale = true;
    refreshLegend();
    markDirty();
}

void PlotPanel::appendData(int series, std::span<const double> x, std::span<const double> y) {
    if (x.empty()) return;
    Series& s = *series_.at(std::size_t(series));
    s.data.append(x, y);
    s.rawStale = true;
    refreshLegend();
    markDirty();
}

void PlotPanel::setPlan(int series, std::vector<double> x, std::vector<double> y) {
    Series& s = *series_.at(std::size_t(series));
    s.planX = std::move(x), s.planY = std::move(y);
    markDirty();
}

void PlotPanel::setTitle(const QString& title) {
    title_ = title;
    legend_->setTitle(title);
    canvas_->setAccessibleName(title);
}

void PlotPanel::setNote(const QString& note) {
    note_ = note;
    refreshLegend();
}

void PlotPanel::setSmoothing(double beta) {
    if (beta == smoothing_) return;
    smoothing_ = beta;
    for (auto& s : series_)
        if (s->spec.draw == SeriesDraw::RawAndSmoothed) s->data.setSmoothing(beta);
    restyle();
    refreshLegend();
    markDirty();
}

void PlotPanel::setLogY(bool log) {
    if (log == logY_) return;
    logY_ = log;
    manualY_.reset();
    for (auto& s : series_)
        s->rawStale = true;
    yTicker_.reset(new RoundTicker(log ? RoundTicker::Scale::Log : RoundTicker::Scale::Linear));
    canvas_->yAxis->setTicker(yTicker_);
    // A positive range first: QCustomPlot would choose the negative half of a range that is mostly below zero.
    canvas_->yAxis->setRange(log ? QCPRange(0.1, 10) : QCPRange(0, 1));
    canvas_->yAxis->setScaleType(log ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    refreshLegend();
    markDirty();
}

void PlotPanel::setYBounds(std::optional<double> lower, std::optional<double> upper) {
    lowerBound_ = lower, upperBound_ = upper;
    markDirty();
}

void PlotPanel::setRightBounds(double lower, double upper) {
    rightBounds_ = {lower, upper};
    markDirty();
}

void PlotPanel::setShowsXAxis(bool shows) {
    canvas_->axisRect()->setMargins({ChartAxis::leftMargin, 8, ChartAxis::rightMargin, shows ? 24 : 4});
    canvas_->xAxis->setTickLabels(shows);
    markDirty();
}

QRect PlotPanel::plotRect() const { return canvas_->plotRect().translated(canvas_->pos()); }
QRect PlotPanel::dragBox() const {
    return canvas_->box().isEmpty() ? QRect() : canvas_->box().translated(canvas_->pos());
}

std::optional<SeriesReading> PlotPanel::reading(int series, double x) const { return data(series).at(x); }

std::optional<double> PlotPanel::yPixel(int series, double value) const {
    const QCPAxis* axis = spec(series).rightAxis ? canvas_->yAxis2 : canvas_->yAxis;
    if (!std::isfinite(value) || (logY_ && !spec(series).rightAxis && value <= 0)) return std::nullopt;
    const double pixel = axis->coordToPixel(value) + canvas_->y();
    const QRect area = plotRect();
    if (pixel < area.top() - 1 || pixel > area.bottom() + 1) return std::nullopt;
    return pixel;
}

QPair<double, double> PlotPanel::yRange() const {
    return {canvas_->yAxis->range().lower, canvas_->yAxis->range().upper};
}

std::size_t PlotPanel::droppedByLog() const {
    if (!logY_) return 0;
    std::size_t dropped = 0;
    for (const auto& s : series_)
        if (!s->spec.rightAxis)
            dropped +=
                std::size_t(std::count_if(s->data.raw().begin(), s->data.raw().end(), [](double v) { return v <= 0; }));
    return dropped;
}

void PlotPanel::zoomTo(const QRect& box) {
    const double left = axis_.fromPixel(box.left(), canvas_->width()),
                 right = axis_.fromPixel(box.right(), canvas_->width());
    // A flat box means "this stretch of steps"; only a tall one also says which values.
    if (box.height() > 12) {
        const double low = canvas_->yAxis->pixelToCoord(box.bottom()), high = canvas_->yAxis->pixelToCoord(box.top());
        if (high > low) manualY_ = {low, high};
    }
    axis_.setRange(left, right);
    markDirty();
}

void PlotPanel::refreshLegend() {
    const Tokens& t = Theme::instance().tokens();
    std::vector<LegendReadout::Entry> entries;
    std::size_t nonFinite = 0;
    for (const auto& s : series_) {
        const auto reading = s->data.at(axis_.cursor().value_or(1e300));
        LegendReadout::Entry entry;
        entry.name = s->spec.name;
        entry.colour = t.series[std::size_t(s->spec.colour) % t.series.size()];
        const auto number = [&](double v) { return QLocale::c().toString(v, 'f', s->spec.decimals); };
        entry.value = reading ? number(reading->value) : QStringLiteral("–");
        if (reading && reading->raw && s->raw && smoothing_ > 0) entry.raw = number(*reading->raw);
        entries.push_back(std::move(entry));
        nonFinite += s->data.nonFiniteX().size();
    }
    legend_->setEntries(std::move(entries));
    QStringList notes;
    if (nonFinite > 0)
        notes << tr("%n value(s) not finite", nullptr, int(nonFinite))
                     .replace("value(s)", nonFinite == 1 ? "value" : "values");
    if (const std::size_t dropped = droppedByLog()) notes << tr("%1 not above zero, not drawn").arg(dropped);
    if (!note_.isEmpty()) notes << note_;
    legend_->setNote(notes.join(", "));
}

}  // namespace vl
