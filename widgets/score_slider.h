// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

namespace vl {

/// A threshold on scores 0..1 under a histogram of those there are: bars at or above it in the accent, others grey.
/// Dragging anywhere, arrows (0.01), page keys (0.1) and the wheel move it.
class ScoreSlider : public QWidget {
    Q_OBJECT
public:
    static constexpr int kBins = 40;

    explicit ScoreSlider(QWidget* parent = nullptr);
    void setScores(const std::vector<double>& scores);
    const std::vector<int>& bins() const { return bins_; }
    double value() const { return value_; }
    void setValue(double value);  ///< in steps of 0.01; no signal
    QSize sizeHint() const override { return {160, 62}; }
    QSize minimumSizeHint() const override { return {80, 62}; }

Q_SIGNALS:
    void moved(double value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void moveTo(double value);
    void drag(double x);
    double xOf(double value) const;

    std::vector<int> bins_;
    double value_ = 0.3;
    int wheel_ = 0;
    bool ring_ = false;
};

}  // namespace vl
