// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QColor>
#include <QRectF>
#include <QWidget>

class QPainter;

namespace vl {

/// Bars of a histogram from the bottom of `rect`, the highest as high as it; bins that hold anything show at least a
/// pixel. `log`: heights by log(1 + count).
void paintHistogram(QPainter& painter, const QRectF& rect, const std::vector<std::uint32_t>& bins, const QColor& colour,
                    bool log = false);

/// A tensor's values: bars over an axis with its ends and zero, the mean as a dashed line, the bin under the cursor in
/// words. Left and right arrows move the bin.
class HistogramView : public QWidget {
    Q_OBJECT
public:
    explicit HistogramView(QWidget* parent = nullptr);
    /// Empty bins: `text` stands in their place ("not read yet").
    void setValues(std::vector<std::uint32_t> bins, double min, double max, double mean, const QString& text = {});
    void setLog(bool log);
    const std::vector<std::uint32_t>& bins() const { return bins_; }
    QSize sizeHint() const override { return {240, 148}; }

Q_SIGNALS:
    /// "1,204 from -0.012 to 0.004"; empty when no bin is under the cursor.
    void binDescribed(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QRectF plot() const;
    double xOf(double value) const;
    void setBin(int bin);

    std::vector<std::uint32_t> bins_;
    double min_ = 0, max_ = 0, mean_ = 0;
    QString text_;
    bool log_ = false;
    int bin_ = -1;
};

}  // namespace vl
