// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot_panel.h"

#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/plot_canvas.h"
#include "widgets/plot_range.h"
#include "widgets/plot_tickers.h"
#include "widgets/theme.h"

namespace vl {

struct PlotPanel::Series {
    SeriesSpec spec;
    SeriesData data;
    std::vector<double> planX, planY;
    QCPGraph *raw = nullptr, *line = nullptr, *plan = nullptr, *markers = nullptr;
    bool rawStale = true;
};

namespace {

void fill(QCPGraph* graph, std::span<const double> x, std::span<const double> y, bool positiveOnly) {
    QVector<QCPGraphData> points;
    points.reserve(qsizetype(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i)
        if (!positiveOnly || y[i] > 0) points.append({x[i], y[i]});
    graph->data()->set(points, true);
}

}  // namespace

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
    for (auto& s : series_) s->rawStale = true;
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

QPair<double, double> PlotPanel::yRange() const { return {canvas_->yAxis->range().lower, canvas_->yAxis->range().upper}; }

std::size_t PlotPanel::droppedByLog() const {
    if (!logY_) return 0;
    std::size_t dropped = 0;
    for (const auto& s : series_)
        if (!s->spec.rightAxis)
            dropped += std::size_t(std::count_if(s->data.raw().begin(), s->data.raw().end(), [](double v) { return v <= 0; }));
    return dropped;
}

void PlotPanel::zoomTo(const QRect& box) {
    const double left = axis_.fromPixel(box.left(), canvas_->width()), right = axis_.fromPixel(box.right(), canvas_->width());
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
    if (nonFinite > 0) notes << tr("%n value(s) not finite", nullptr, int(nonFinite)).replace("value(s)", nonFinite == 1 ? "value" : "values");
    if (const std::size_t dropped = droppedByLog())
        notes << tr("%1 not above zero, not drawn").arg(dropped);
    if (!note_.isEmpty()) notes << note_;
    legend_->setNote(notes.join(", "));
}

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
        if (plain || smoothing_ > 0) fill(s->line, seen.x, seen.y, positive);
        else s->line->data()->clear();
        fill(s->plan, s->planX, s->planY, positive);
        const auto& lost = s->data.nonFiniteX();
        QVector<QCPGraphData> marks;
        const double top = 1 - 5.0 / std::max(20, plotRect().height());
        for (const double x : lost) marks.append({x, top});
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
