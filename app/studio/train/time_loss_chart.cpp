// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/time_loss_chart.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/chart_axis.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int kLeft = 38, kBottom = 18, kTop = 9;

/// The next number of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten, so that the axis ends on a round one.
double roundedUp(double value) {
    if (!(value > 0)) return 1;
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0})
        if (value <= step * power * (1 + 1e-9)) return step * power;
    return 10 * power;
}

double largest(const std::vector<double>& values) {
    double most = 0;
    for (const double value : values)
        if (std::isfinite(value)) most = std::max(most, value);
    return most;
}

QString lossText(double value) {
    if (!std::isfinite(value)) return QStringLiteral("–");
    return QString::number(value, 'f', value < 0.1 ? 4 : 3);
}

}  // namespace

TimeLossChart::TimeLossChart(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setProperty("focusFrame", true);
    setAccessibleName(tr("Loss by time"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TimeLossChart::setPartNames(QStringList names) {
    if (names == names_) return;
    names_ = std::move(names);
    update();
    Q_EMIT described();
}

void TimeLossChart::setBars(Bars last, Bars before, int colour) {
    last_ = std::move(last);
    before_ = std::move(before);
    colour_ = colour;
    top_ = roundedUp(std::max(largest(last_.loss), largest(before_.loss)));
    if (part_ >= int(last_.loss.size())) part_ = -1;
    setAccessibleDescription(words());
    update();
    Q_EMIT described();
}

QString TimeLossChart::words() const {
    if (last_.loss.empty()) return {};
    const auto at = [](const Bars& bars, int part) { return lossText(bars.loss[std::size_t(part)]); };
    if (part_ >= 0) {
        const double count = double(last_.loss.size());
        QString text = names_.isEmpty() ? tr("time %1 to %2: %3")
                                              .arg(part_ / count, 0, 'f', 1)
                                              .arg((part_ + 1) / count, 0, 'f', 1)
                                              .arg(at(last_, part_))
                                        : tr("%1: %2").arg(names_.value(part_), at(last_, part_));
        if (part_ < int(before_.loss.size())) text += tr(", before %1").arg(at(before_, part_));
        return text;
    }
    if (before_.loss.empty()) return tr("step %1").arg(countText(double(last_.step)));
    return tr("step %1, before it %2").arg(countText(double(last_.step)), countText(double(before_.step)));
}

QRectF TimeLossChart::plot() const { return QRectF(rect()).adjusted(kLeft, kTop, -1, -kBottom); }

QRectF TimeLossChart::partRect(int part, double value) const {
    const QRectF area = plot();
    const double width = area.width() / double(std::max<std::size_t>(1, last_.loss.size()));
    const double high = std::isfinite(value) ? std::clamp(value / top_, 0.0, 1.0) * area.height() : 0;
    const double left = std::round(area.left() + part * width), right = std::round(area.left() + (part + 1) * width);
    return {left, area.bottom() - high, right - left, high};
}

QRectF TimeLossChart::barRect(int part) const {
    const QRectF whole = partRect(part, last_.loss.at(std::size_t(part)));
    const double inset = std::max(2.0, std::floor(whole.width() / 5));
    return whole.adjusted(inset, 0, -inset + 1, 0);
}

void TimeLossChart::setPart(int part) {
    part = std::clamp(part, -1, int(last_.loss.size()) - 1);
    if (part == part_) return;
    part_ = part;
    setAccessibleDescription(words());
    update();
    Q_EMIT described();
}

void TimeLossChart::mouseMoveEvent(QMouseEvent* event) {
    const QRectF area = plot();
    const double share = (event->position().x() - area.left()) / std::max(1.0, area.width());
    setPart(share < 0 || share >= 1 ? -1 : int(share * double(last_.loss.size())));
}

void TimeLossChart::leaveEvent(QEvent*) { setPart(-1); }

void TimeLossChart::focusOutEvent(QFocusEvent* event) {
    setPart(-1);
    QWidget::focusOutEvent(event);
}

void TimeLossChart::keyPressEvent(QKeyEvent* event) {
    const int step = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (step == 0 || last_.loss.empty()) return QWidget::keyPressEvent(event);
    setPart(std::clamp(part_ + step, 0, int(last_.loss.size()) - 1));
}

void TimeLossChart::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    const QRectF area = plot();
    if (last_.loss.empty()) {
        paintText(painter, QRectF(rect()).adjusted(2, 2, -2, 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                  tr("The first evaluation fills this."), Theme::uiFont(12), t.text3);
        return;
    }
    const QFont numbers = Theme::monoFont(11);
    for (const double value : {0.0, 0.5, 1.0}) {
        const double y = std::round(area.bottom() - value * area.height());
        if (value > 0) painter.fillRect(QRectF(area.left(), y, area.width(), 1), t.grid);
        paintText(painter, QRectF(0, y - 7, kLeft - 6, 14), Qt::AlignRight | Qt::AlignVCenter,
                  value == 0 ? QStringLiteral("0") : QString::number(value * top_, 'g', 3), numbers, t.text2);
    }
    if (part_ >= 0) painter.fillRect(partRect(part_, top_), t.hover);
    for (int i = 0; i < int(std::min(before_.loss.size(), last_.loss.size())); ++i)
        painter.fillRect(partRect(i, before_.loss[std::size_t(i)]).adjusted(0, 0, -1, 0), t.rawColour(colour_));
    for (int i = 0; i < int(last_.loss.size()); ++i)
        painter.fillRect(barRect(i), t.series[std::size_t(colour_) % t.series.size()]);
    painter.fillRect(QRectF(area.left(), std::round(area.bottom()), area.width(), 1), t.controlLine);
    if (!names_.isEmpty()) return;
    const QRectF names(area.left(), area.bottom() + 3, area.width(), kBottom - 3);
    paintText(painter, names, Qt::AlignLeft | Qt::AlignVCenter, tr("clean"), Theme::uiFont(11), t.text2);
    paintText(painter, names, Qt::AlignRight | Qt::AlignVCenter, tr("noise"), Theme::uiFont(11), t.text2);
}

}  // namespace vl
