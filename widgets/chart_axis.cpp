// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart_axis.h"

#include <QLocale>
#include <algorithm>
#include <cmath>

namespace vl {

QString durationText(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return QStringLiteral("–");
    const auto total = std::int64_t(std::llround(seconds));
    const auto two = [](std::int64_t v) { return QStringLiteral("%1").arg(v, 2, 10, QLatin1Char('0')); };
    const std::int64_t hours = total / 3600, minutes = total / 60 % 60, rest = total % 60;
    if (hours > 0) return QString::number(hours) + ':' + two(minutes) + ':' + two(rest);
    return QString::number(minutes) + ':' + two(rest);
}

QString countText(double value) {
    QLocale locale;
    if (locale.language() == QLocale::C) locale = QLocale(QLocale::English);
    locale.setNumberOptions(locale.numberOptions() & ~QLocale::OmitGroupSeparator);
    return locale.toString(qlonglong(std::llround(value)));
}

void ChartAxis::setFull(double lower, double upper) {
    if (!std::isfinite(lower) || !std::isfinite(upper)) return;
    if (upper <= lower) upper = lower + 1;
    if (lower == fullLower_ && upper == fullUpper_) return;
    fullLower_ = lower, fullUpper_ = upper;
    if (!zoomed_) Q_EMIT rangeChanged();
}

void ChartAxis::setRange(double lower, double upper) {
    // Below this width doubles of the size of a step count no longer tell neighbours apart.
    const double least = std::max(1e-9, std::abs(upper) * 1e-9);
    if (!std::isfinite(lower) || !std::isfinite(upper) || upper - lower < least) return;
    lower_ = lower, upper_ = upper, zoomed_ = true;
    Q_EMIT rangeChanged();
}

void ChartAxis::zoomAt(double x, double factor) {
    const double a = x - (x - lower()) * factor, b = x + (upper() - x) * factor;
    const double full = fullUpper_ - fullLower_;
    if (b - a >= full * 1.0001) return reset();
    setRange(a, b);
}

void ChartAxis::pan(double delta) { setRange(lower() + delta, upper() + delta); }

void ChartAxis::reset() {
    zoomed_ = false;
    Q_EMIT resetRequested();
    Q_EMIT rangeChanged();
}

void ChartAxis::setCursor(std::optional<double> x) {
    if (x && !std::isfinite(*x)) x.reset();
    if (x == cursor_) return;
    cursor_ = x;
    Q_EMIT cursorChanged();
}

void ChartAxis::setNow(std::optional<double> x) {
    if (x == now_) return;
    now_ = x;
    Q_EMIT nowChanged();
}

void ChartAxis::setKind(Kind kind, const QString& title) {
    kind_ = kind;
    title_ = title;
    zoomed_ = false;
    cursor_.reset();
    Q_EMIT rangeChanged();
    Q_EMIT cursorChanged();
}

QString ChartAxis::valueText(double x) const { return kind_ == Kind::Duration ? durationText(x) : countText(x); }

double ChartAxis::toPixel(double x, int width) const {
    return leftMargin + (x - lower()) / (upper() - lower()) * (width - leftMargin - rightMargin);
}

double ChartAxis::fromPixel(double pixel, int width) const {
    const int room = std::max(1, width - leftMargin - rightMargin);
    return lower() + (pixel - leftMargin) / room * (upper() - lower());
}

}  // namespace vl
