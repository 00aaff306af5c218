// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include <QString>
#include <QWidget>

namespace vl {

/// Noise left after every step, one line a chain: solid as far as it went, dashed where it will go, a dot where it is.
class NoiseChart : public QWidget {
    Q_OBJECT
public:
    struct Line {
        QString name;
        std::shared_ptr<const std::vector<double>> noise;  ///< steps + 1 values, 1 to 0
    };

    explicit NoiseChart(QWidget* parent = nullptr);
    void setLines(std::vector<Line> lines);
    const std::vector<Line>& lines() const { return lines_; }
    void setStep(int step);  ///< -1: nothing has been done yet
    int step() const { return step_; }
    /// Where a value lies, in this widget's coordinates.
    QPointF place(double step, double noise) const;
    QSize sizeHint() const override { return {272, 138}; }
    QSize minimumSizeHint() const override { return {200, 138}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QRectF plot() const;
    int steps() const;
    void paintAxes(QPainter& painter) const;
    void paintLegend(QPainter& painter) const;

    std::vector<Line> lines_;
    int step_ = -1;
};

}  // namespace vl
