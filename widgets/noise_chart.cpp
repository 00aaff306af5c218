// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/noise_chart.h"

#include <algorithm>
#include <utility>

#include <QPainter>
#include <QPainterPath>

#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int kLeft = 32, kRight = 10, kTop = 8, kAxis = 20, kLegend = 20;

QColor lineColour(const Tokens& t, std::size_t index) { return t.series[index % t.series.size()]; }

}  // namespace

NoiseChart::NoiseChart(QWidget* parent) : QWidget(parent) {
    setFixedHeight(138);
    setAccessibleName(tr("Noise level"));
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void NoiseChart::setLines(std::vector<Line> lines) {
    lines_ = std::move(lines);
    update();
}

void NoiseChart::setStep(int step) {
    if (step == step_) return;
    step_ = step;
    setAccessibleDescription(step < 0 ? QString() : tr("at step %1").arg(step));
    update();
}

int NoiseChart::steps() const {
    std::size_t most = 1;
    for (const Line& line : lines_)
        if (line.noise && line.noise->size() > 1) most = std::max(most, line.noise->size() - 1);
    return static_cast<int>(most);
}

QRectF NoiseChart::plot() const {
    return {kLeft, kTop, double(width() - kLeft - kRight), double(height() - kTop - kAxis - kLegend)};
}

QPointF NoiseChart::place(double step, double noise) const {
    const QRectF area = plot();
    return {area.x() + area.width() * step / steps(), area.bottom() - area.height() * std::clamp(noise, 0.0, 1.05)};
}

void NoiseChart::paintAxes(QPainter& painter) const {
    const Tokens& t = Theme::instance().tokens();
    const QFont font = typeFont(Type::CaptionNumber);
    const QRectF area = plot();
    const int all = steps();
    for (double level : {0.0, 0.5, 1.0}) {
        const double y = place(0, level).y();
        painter.setPen(QPen(level > 0 ? t.grid : t.controlLine, 1));
        painter.drawLine(QPointF(area.x(), y), QPointF(area.right(), y));
        paintText(painter, QRectF(0, y - 8, kLeft - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                  QString::number(level, 'f', 1), font, t.text2);
    }
    painter.setPen(QPen(t.controlLine, 1));
    painter.drawLine(area.topLeft(), area.bottomLeft());
    if (lines_.empty()) return;
    const int parts = all >= 4 ? 4 : all;
    for (int i = 0; i <= parts; ++i) {
        const int step = all * i / parts;
        const double x = place(step, 0).x();
        const QRectF room(x - 30, area.bottom() + 3, 60, 16);
        paintText(painter, i == parts ? room.translated(-22, 0).adjusted(0, 0, 0, 0) : room,
                  (i == parts ? Qt::AlignRight : Qt::AlignHCenter) | Qt::AlignVCenter, QString::number(step), font,
                  t.text2);
    }
}

void NoiseChart::paintLegend(QPainter& painter) const {
    const Tokens& t = Theme::instance().tokens();
    const QFont font = typeFont(Type::CaptionNumber);
    const QFontMetrics metrics(font);
    double x = kLeft;
    const double y = height() - kLegend + 2;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const double width = 16 + metrics.horizontalAdvance(lines_[i].name) + 10;
        if (x + width > this->width() + 8) {
            paintText(painter, QRectF(x, y, 40, 16), Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("…"), font,
                      t.text2);
            return;
        }
        painter.fillRect(QRectF(x, y + 7, 12, 3), lineColour(t, i));
        paintText(painter, QRectF(x + 16, y, width, 16), Qt::AlignLeft | Qt::AlignVCenter, lines_[i].name, font,
                  t.text);
        x += width;
    }
}

void NoiseChart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& t = Theme::instance().tokens();
    paintAxes(painter);
    if (step_ >= 0 && !lines_.empty()) {
        painter.setPen(QPen(t.controlLine, 1));
        painter.drawLine(place(step_, 0), place(step_, 1));
    }
    for (std::size_t i = lines_.size(); i-- > 0;) {
        if (!lines_[i].noise || lines_[i].noise->size() < 2) continue;
        const auto& noise = *lines_[i].noise;
        const int last = static_cast<int>(noise.size()) - 1, now = std::clamp(step_, 0, last);
        QPainterPath done, rest;
        done.moveTo(place(0, noise[0]));
        for (int s = 1; s <= now; ++s)
            done.lineTo(place(s, noise[static_cast<std::size_t>(s)]));
        rest.moveTo(place(now, noise[static_cast<std::size_t>(now)]));
        for (int s = now + 1; s <= last; ++s)
            rest.lineTo(place(s, noise[static_cast<std::size_t>(s)]));
        const QColor colour = lineColour(t, i);
        painter.setBrush(Qt::NoBrush);
        QPen dashed(colour, 1.5);
        dashed.setDashPattern({2, 2.7});
        painter.setPen(dashed);
        painter.drawPath(rest);
        painter.setPen(QPen(colour, 2));
        painter.drawPath(done);
        if (step_ < 0) continue;
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(place(now, noise[static_cast<std::size_t>(now)]), 3.5, 3.5);
    }
    paintLegend(painter);
}

}  // namespace vl
