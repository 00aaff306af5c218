// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/histogram_strip.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/paint_helpers.h"
#include "widgets/tensor_list.h"

namespace vl {
namespace {

constexpr int kAxis = 20;

}  // namespace

void paintHistogram(QPainter& painter, const QRectF& rect, const std::vector<std::uint32_t>& bins, const QColor& colour,
                    bool log) {
    if (bins.empty()) return;
    const auto height = [log](std::uint32_t count) { return log ? std::log1p(count) : static_cast<double>(count); };
    const double top = height(*std::max_element(bins.begin(), bins.end()));
    if (top <= 0) return;
    const double width = rect.width() / static_cast<double>(bins.size());
    const double gap = width >= 4 ? 1 : 0;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        if (bins[i] == 0) continue;
        const double bar = std::max(1.0, rect.height() * height(bins[i]) / top);
        painter.fillRect(QRectF(rect.left() + static_cast<double>(i) * width, rect.bottom() - bar, width - gap, bar), colour);
    }
}

HistogramView::HistogramView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(148);
    setAccessibleName(tr("Histogram of the values"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void HistogramView::setValues(std::vector<std::uint32_t> bins, double min, double max, double mean, const QString& text) {
    bins_ = std::move(bins);
    min_ = min;
    max_ = max;
    mean_ = mean;
    text_ = text;
    setBin(-1);
    setAccessibleDescription(bins_.empty() ? text_ : tr("from %1 to %2, mean %3").arg(valueText(min), valueText(max), valueText(mean)));
    update();
}

void HistogramView::setLog(bool log) {
    log_ = log;
    update();
}

QRectF HistogramView::plot() const { return QRectF(rect()).adjusted(2, 4, -2, -kAxis); }

double HistogramView::xOf(double value) const {
    const QRectF area = plot();
    const double share = max_ > min_ ? (value - min_) / (max_ - min_) : 0.5;
    return std::floor(area.left() + share * area.width()) + 0.5;
}

void HistogramView::setBin(int bin) {
    if (bin >= static_cast<int>(bins_.size())) bin = static_cast<int>(bins_.size()) - 1;
    if (bin == bin_) return;
    bin_ = bin;
    QString words;
    if (bin_ >= 0) {
        const double step = (max_ - min_) / static_cast<double>(bins_.size());
        words = tr("%1 from %2 to %3")
                    .arg(QLocale().toString(bins_[static_cast<std::size_t>(bin_)]), valueText(min_ + bin_ * step),
                         valueText(min_ + (bin_ + 1) * step));
    }
    Q_EMIT binDescribed(words);
    update();
}

void HistogramView::mouseMoveEvent(QMouseEvent* event) {
    const QRectF area = plot();
    const double share = (event->position().x() - area.left()) / area.width();
    setBin(bins_.empty() || share < 0 || share >= 1 ? -1 : static_cast<int>(share * static_cast<double>(bins_.size())));
}

void HistogramView::leaveEvent(QEvent*) { setBin(-1); }

void HistogramView::focusOutEvent(QFocusEvent* event) {
    setBin(-1);
    QWidget::focusOutEvent(event);
}

void HistogramView::keyPressEvent(QKeyEvent* event) {
    const int step = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (step == 0 || bins_.empty()) return QWidget::keyPressEvent(event);
    setBin(bin_ < 0 ? static_cast<int>(bins_.size()) / 2 : std::clamp(bin_ + step, 0, static_cast<int>(bins_.size()) - 1));
}

void HistogramView::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    const QRectF area = plot();
    if (!bins_.empty() || !text_.isEmpty())
        painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), t.controlLine);
    if (bins_.empty()) {
        paintText(painter, area, Qt::AlignCenter, text_, Theme::uiFont(12), t.text3);
        return;
    }
    const double width = area.width() / static_cast<double>(bins_.size());
    if (bin_ >= 0) painter.fillRect(QRectF(area.left() + bin_ * width, area.top(), width, area.height()), t.hover);
    paintHistogram(painter, area, bins_, t.series[0], log_);
    const QFont small = Theme::monoFont(11);
    const QRectF labels(area.left(), area.bottom() + 4, area.width(), kAxis - 4);
    paintText(painter, labels, Qt::AlignLeft | Qt::AlignTop, valueText(min_), small, t.text2);
    paintText(painter, labels, Qt::AlignRight | Qt::AlignTop, valueText(max_), small, t.text2);
    const double zero = xOf(0);
    if (min_ < 0 && max_ > 0) {
        painter.fillRect(QRectF(zero - 0.5, area.bottom(), 1, 4), t.controlLine);
        const double room = QFontMetricsF(small).horizontalAdvance(QStringLiteral("-0.00000")) + 8;
        if (zero > area.left() + room && zero < area.right() - room)
            paintText(painter, QRectF(zero - 20, labels.top(), 40, labels.height()), Qt::AlignHCenter | Qt::AlignTop,
                      QStringLiteral("0"), small, t.text2);
    }
    QPen dash(t.text2, 1);
    dash.setDashPattern({2, 3});
    painter.setPen(dash);
    painter.drawLine(QLineF(xOf(mean_), area.top(), xOf(mean_), area.bottom()));
    if (hasFocus()) paintFocusRing(painter, rect());
}

}  // namespace vl
