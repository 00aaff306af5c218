// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/score_slider.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr double kBars = 36, kKnob = 12, kInset = kKnob / 2 + 1;
constexpr double kStep = 0.01;

double rounded(double value) { return std::round(std::clamp(value, 0.0, 1.0) / kStep) * kStep; }

}  // namespace

ScoreSlider::ScoreSlider(QWidget* parent) : QWidget(parent), bins_(kBins) {
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(sizeHint().height());
    setAccessibleName(tr("Lowest score shown"));
    setToolTip(tr("Objects below this score are hidden, at once and without running again"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ScoreSlider::setScores(const std::vector<double>& scores) {
    bins_.assign(kBins, 0);
    for (double score : scores)
        if (std::isfinite(score)) ++bins_[std::size_t(std::clamp(static_cast<int>(score * kBins), 0, kBins - 1))];
    update();
}

void ScoreSlider::setValue(double value) {
    value_ = rounded(value);
    setAccessibleDescription(fixedText(value_, 2));
    update();
}

void ScoreSlider::moveTo(double value) {
    const double before = value_;
    setValue(value);
    if (value_ != before) Q_EMIT moved(value_);
}

double ScoreSlider::xOf(double value) const { return kInset + value * (width() - 2 * kInset); }

void ScoreSlider::drag(double x) { moveTo((x - kInset) / std::max(1.0, width() - 2 * kInset)); }

void ScoreSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) drag(event->position().x());
}

void ScoreSlider::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) drag(event->position().x());
}

void ScoreSlider::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Down: return moveTo(value_ - kStep);
        case Qt::Key_Right:
        case Qt::Key_Up: return moveTo(value_ + kStep);
        case Qt::Key_PageDown: return moveTo(value_ - 10 * kStep);
        case Qt::Key_PageUp: return moveTo(value_ + 10 * kStep);
        case Qt::Key_Home: return moveTo(0);
        case Qt::Key_End: return moveTo(1);
        default: QWidget::keyPressEvent(event);
    }
}

void ScoreSlider::wheelEvent(QWheelEvent* event) {
    if (!hasFocus()) return event->ignore();  // the panel scrolls
    wheel_ += event->angleDelta().y();
    const int steps = wheel_ / 120;
    wheel_ -= steps * 120;
    moveTo(value_ + steps * kStep);
    event->accept();
}

void ScoreSlider::focusInEvent(QFocusEvent* event) {
    ring_ = isKeyboardFocus(event->reason());
    update();
}

void ScoreSlider::focusOutEvent(QFocusEvent*) {
    ring_ = false;
    update();
}

void ScoreSlider::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    const int top = std::max(1, *std::ranges::max_element(bins_));
    const double room = width() - 2 * kInset, step = room / kBins;
    painter.fillRect(QRectF(kInset, kBars, room, 1), t.line);
    for (int i = 0; i < kBins; ++i) {
        if (bins_[std::size_t(i)] == 0) continue;
        const double height = std::max(2.0, (kBars - 4) * bins_[std::size_t(i)] / top);
        const bool kept = (i + 0.5) / kBins >= value_;
        const double x0 = std::round(kInset + i * step), x1 = std::round(kInset + (i + 1) * step);
        painter.fillRect(QRectF(x0, kBars - height, std::max(1.0, x1 - x0 - 1), height),
                         kept ? t.accent : t.buttonLine);
    }
    // The part that is shown is filled, as the bars above it.
    const double y = kBars + 14, x = xOf(value_);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.line);
    painter.drawRoundedRect(QRectF(0, y - 2, width(), 4), 2, 2);
    painter.setBrush(t.accent);
    painter.drawRoundedRect(QRectF(x, y - 2, width() - x, 4), 2, 2);
    painter.setPen(QPen(t.dark ? t.window : t.accent, t.dark ? 1 : 2));
    painter.setBrush(t.dark ? t.text : t.raised);
    painter.drawEllipse(QPointF(x, y), kKnob / 2, kKnob / 2);
    if (ring_ && hasFocus()) paintFocusRing(painter, rect());
}

}  // namespace vl
