// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/key_bars.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/attention_canvas.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int header = 28, labelWidth = 84;

}  // namespace

KeyBars::KeyBars(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setAccessibleName(tr("Attention by key"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize KeyBars::sizeHint() const { return {512, header + 44 * std::max<int>(1, static_cast<int>(rows_.size()))}; }

int KeyBars::rowHeight() const {
    const int count = std::max<int>(1, static_cast<int>(rows_.size()));
    return std::clamp((height() - header) / count, 18, 64);
}

QRectF KeyBars::plotRect(int row) const {
    return {labelWidth, header + row * rowHeight() + 4.0, width() - labelWidth - 2.0, rowHeight() - 6.0};
}

void KeyBars::setRows(std::vector<KeyBarsRow> rows, const AttentionGeometry& geometry, bool masked,
                      AttentionDirection direction) {
    const bool resized = rows.size() != rows_.size();
    rows_ = std::move(rows);
    geometry_ = geometry;
    masked_ = masked;
    direction_ = direction;
    setAccessibleDescription(tr("%n queries shown", nullptr, static_cast<int>(rows_.size())));
    if (resized) updateGeometry();
    update();
}

void KeyBars::setValueName(const QString& name) {
    valueName_ = name;
    update();
}

int KeyBars::tokenAt(const QPoint& point) const {
    const QRectF plot = plotRect(0);
    if (rows_.empty() || geometry_.tokens <= 0 || point.x() < plot.left() || point.x() >= plot.right()) return -1;
    return static_cast<int>((point.x() - plot.left()) / plot.width() * geometry_.tokens);
}

void KeyBars::mouseMoveEvent(QMouseEvent* event) {
    const int row = (event->pos().y() - header) / rowHeight();
    const int token = event->pos().y() >= header && row < static_cast<int>(rows_.size()) ? tokenAt(event->pos()) : -1;
    if (token == hoverToken_ && row == hoverRow_) return;
    hoverToken_ = token;
    hoverRow_ = row;
    update();
}

void KeyBars::leaveEvent(QEvent*) {
    hoverToken_ = -1;
    update();
}

void KeyBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintHeader(painter);
    for (int i = 0; i < static_cast<int>(rows_.size()); ++i)
        paintRow(painter, i);
}

// The legend is the read-out: over a bar it gives that key's two values, otherwise what the axis holds.
void KeyBars::paintHeader(QPainter& painter) const {
    const auto& t = Theme::instance().tokens();
    const bool columns = direction_ == AttentionDirection::AttendedBy;
    const QFont small = Theme::uiFont(11), mono = Theme::monoFont(11);
    double x = paintText(painter, QRectF(0, 0, 200, 20), Qt::AlignVCenter,
                         columns ? tr("Attention by query") : tr("Attention by key"),
                         Theme::uiFont(12, QFont::DemiBold), t.text) +
               24;

    QString softmaxValue, shownValue, note;
    const bool over = hoverToken_ >= 0 && hoverRow_ >= 0 && hoverRow_ < static_cast<int>(rows_.size()) &&
                      hoverToken_ < static_cast<int>(rows_[hoverRow_].shown.size());
    if (over) {
        const auto patch = patchOfToken(geometry_, hoverToken_);
        note = patch ? QStringLiteral("(%1, %2)").arg(patch->row).arg(patch->col) : tr("class token");
        softmaxValue = shareText(rows_[hoverRow_].softmax[hoverToken_]);
        shownValue = shareText(rows_[hoverRow_].shown[hoverToken_]);
    } else if (geometry_.tokens > 0) {
        const int patches = geometry_.queryRows * geometry_.queryCols;
        const QString range = tr("patches 0 to %1").arg(patches - 1);
        note = geometry_.classTokenIndex < 0                           ? range
               : geometry_.classTokenIndex < geometry_.firstPatchToken ? tr("the class token, then %1").arg(range)
                                                                       : tr("%1, then the class token").arg(range);
    }
    // From the right, so that the values change without moving anything but themselves.
    double right = width();
    const auto entry = [&](const QString& name, const QString& value, const QColor& colour) {
        if (over) {
            paintText(painter, QRectF(right - 48, 0, 48, 20), Qt::AlignVCenter | Qt::AlignRight, value, mono, t.text);
            right -= 52;
        }
        const double nameWidth = QFontMetricsF(small).horizontalAdvance(name);
        paintText(painter, QRectF(right - nameWidth, 0, nameWidth + 1, 20), Qt::AlignVCenter, name, small, t.text2);
        painter.fillRect(QRectF(right - nameWidth - 14, 6, 8, 8), colour);
        right -= nameWidth + 30;
    };
    if (masked_) entry(tr("after mask"), shownValue, t.text);
    entry(masked_ ? tr("softmax") : valueName_, softmaxValue, masked_ ? t.buttonLine : t.text);
    if (right - x > QFontMetricsF(small).horizontalAdvance(note))
        paintText(painter, QRectF(x, 0, right - x, 20), Qt::AlignVCenter, note, over ? mono : small, t.text2);
}

void KeyBars::paintRow(QPainter& painter, int index) const {
    const auto& t = Theme::instance().tokens();
    const auto& row = rows_[index];
    const QRectF plot = plotRect(index);
    // Pins keep their picture colours in the dark theme; on a light ground the same series needs its light variant.
    static constexpr int series[maxPins] = {4, 2, 1, 3};
    const QColor colour = row.pin < 0 ? t.text : t.series[series[std::clamp(row.pin, 0, maxPins - 1)]];
    const QRectF badge(0, plot.center().y() - 8, 16, 16);
    if (row.pin < 0)
        paintCross(painter, badge.center(), 5, t.text, t.window);
    else
        paintPinBadge(painter, badge, QString::number(row.pin + 1), pinColor(row.pin));
    paintText(painter, QRectF(24, plot.center().y() - 8, labelWidth - 24, 16), Qt::AlignVCenter, row.label,
              Theme::monoFont(12), t.text);

    const int n = static_cast<int>(row.shown.size());
    const double top = std::max(finiteMax(row.softmax), finiteMax(row.shown));
    painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), t.controlLine);
    if (n == 0 || top <= 0) return;
    // More keys than pixels: one bar a pixel shows the largest of its keys, so that no peak disappears.
    const int bars = std::min<int>(n, std::max(1, static_cast<int>(plot.width())));
    const double pitch = plot.width() / bars;
    const double gap = pitch >= 4 ? 1 : 0;
    for (int b = 0; b < bars; ++b) {
        float ghost = 0, shown = 0;
        for (int j = b * n / bars; j < std::max((b + 1) * n / bars, b * n / bars + 1); ++j) {
            if (std::isfinite(row.softmax[j])) ghost = std::max(ghost, row.softmax[j]);
            if (std::isfinite(row.shown[j])) shown = std::max(shown, row.shown[j]);
        }
        const double x = std::round(plot.left() + b * pitch),
                     w = std::max(1.0, std::round(plot.left() + (b + 1) * pitch) - x - gap);
        const double ghostHeight = ghost / top * plot.height(), height = shown / top * plot.height();
        if (masked_ && ghostHeight > height + 0.5)
            painter.fillRect(QRectF(x, plot.bottom() - ghostHeight, w, ghostHeight - height), t.buttonLine);
        painter.fillRect(QRectF(x, plot.bottom() - height, w, height), colour);
    }
    if (masked_ && row.token >= 0) {
        const int split = direction_ == AttentionDirection::AttendsTo ? row.token + 1 : row.token;
        const double x = std::floor(plot.left() + split * plot.width() / n) + 0.5;
        if (split > 0 && split < n) {
            QPen pen(t.text2, 1, Qt::CustomDashLine, Qt::FlatCap);
            pen.setDashPattern({2, 2});
            painter.setPen(pen);
            painter.drawLine(QLineF(x, plot.top() - 2, x, plot.bottom()));
        }
    }
    if (hoverToken_ >= 0 && index == hoverRow_) {
        const double x = std::floor(plot.left() + (hoverToken_ + 0.5) * plot.width() / n) + 0.5;
        painter.setPen(QPen(t.text, 1));
        painter.drawLine(QLineF(x, plot.top() - 2, x, plot.bottom()));
    }
}

}  // namespace vl
