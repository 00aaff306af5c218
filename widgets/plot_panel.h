// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <QWidget>

#include "widgets/chart_axis.h"
#include "widgets/chart_series.h"
#include "widgets/legend_readout.h"

class QCPGraph;
class QCPAxis;

namespace vl {

class PlotCanvas;
class RoundTicker;

/// One chart of a stack: legend as read-out above, plot below. Nothing is drawn until `replotIfDirty()`, which the one
/// timer of the window calls; a hidden panel draws nothing.
class PlotPanel : public QWidget {
    Q_OBJECT
public:
    PlotPanel(ChartAxis& axis, const QString& title, QWidget* parent = nullptr);
    ~PlotPanel() override;

    int addSeries(const SeriesSpec& spec);
    int seriesCount() const;
    const SeriesSpec& spec(int series) const;
    const SeriesData& data(int series) const;
    void clearSeries();
    /// x ascending (sorted otherwise), same lengths; non-finite y become markers at the top edge.
    void setData(int series, std::span<const double> x, std::span<const double> y);
    void appendData(int series, std::span<const double> x, std::span<const double> y);
    /// What is planned from now on: dashed.
    void setPlan(int series, std::vector<double> x, std::vector<double> y);
    const std::vector<double>& planX(int series) const;
    const std::vector<double>& planY(int series) const;
    void setNote(const QString& note);             ///< behind the legend

    void setSmoothing(double beta);
    double smoothing() const { return smoothing_; }
    void setLogY(bool log);
    bool logY() const { return logY_; }
    /// Bounds the automatic range may not leave, e.g. 0 and 100.
    void setYBounds(std::optional<double> lower, std::optional<double> upper);
    std::optional<double> lowerBound() const { return lowerBound_; }
    std::optional<double> upperBound() const { return upperBound_; }
    void setRightBounds(double lower, double upper);
    void setUnit(const QString& unit) { unit_ = unit; }   ///< for exports
    const QString& unit() const { return unit_; }
    const QString& title() const { return title_; }
    void setTitle(const QString& title);
    void setShowsXAxis(bool shows);                ///< only the lowest of a stack does

    /// Draws when something changed and the panel is visible; true when it drew.
    bool replotIfDirty();
    void replotNow();
    int replotCount() const { return replots_; }
    void markDirty() { dirty_ = true; }

    QRect plotRect() const;                        ///< in this widget's coordinates
    QRect dragBox() const;
    std::optional<SeriesReading> reading(int series, double x) const;
    std::optional<double> yPixel(int series, double value) const;  ///< in this widget's coordinates; empty: outside
    QPair<double, double> yRange() const;
    LegendReadout& legend() { return *legend_; }
    /// Values that a log axis cannot show.
    std::size_t droppedByLog() const;

Q_SIGNALS:
    void logToggled();
    void dragBoxChanged();
    void replotted();

private:
    struct Series;
    void restyle();
    void refreshLegend();
    void fillGraphs();
    void fitY();
    void zoomTo(const QRect& box);
    QPair<double, double> automaticRange(bool right) const;

    ChartAxis& axis_;
    QString title_, unit_, note_;
    LegendReadout* legend_;
    PlotCanvas* canvas_;
    std::vector<std::unique_ptr<Series>> series_;
    QCPAxis* markerAxis_ = nullptr;
    QSharedPointer<RoundTicker> xTicker_, yTicker_, rightTicker_;
    std::optional<double> lowerBound_, upperBound_;
    std::optional<QPair<double, double>> manualY_, rightBounds_;
    double smoothing_ = 0;
    bool logY_ = false, dirty_ = true;
    int replots_ = 0;
};

}  // namespace vl
