// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QStringList>
#include <QWidget>

namespace vl {

/// A bar for each part of an evaluation, those of the one before it pale behind: where on the way from clean (0) to
/// noise (1) a denoiser errs, or what each class of a segmenter or detector reached. Hovering or arrow keys read a bar.
class TimeLossChart : public QWidget {
    Q_OBJECT
public:
    struct Bars {
        std::int64_t step = 0;
        std::vector<double> loss;  ///< by equal parts of time; not finite: none
    };
    explicit TimeLossChart(QWidget* parent = nullptr);

    /// What the bars stand for; empty: equal parts of time.
    void setPartNames(QStringList names);
    /// Empty `loss`: there is no such evaluation. `colour`: index of the theme's series.
    void setBars(Bars last, Bars before, int colour);
    const Bars& last() const { return last_; }
    const Bars& before() const { return before_; }
    QRectF barRect(int part) const;
    /// "time 0.3 to 0.4: 0.124, before 0.131", "Shirt: 0.61, before 0.55", or which evaluations are shown where no bar is read.
    QString words() const;

    QSize sizeHint() const override { return {190, 150}; }
    QSize minimumSizeHint() const override { return {150, 90}; }

Q_SIGNALS:
    void described();  ///< words() changed

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QRectF plot() const;
    QRectF partRect(int part, double value) const;
    void setPart(int part);

    Bars last_, before_;
    QStringList names_;
    double top_ = 1;
    int colour_ = 0, part_ = -1;
};

}  // namespace vl
