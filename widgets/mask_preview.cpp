// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/mask_preview.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QMouseEvent>
#include <QPainter>

#include "engine/api/types.h"
#include "widgets/color_map.h"
#include "widgets/paint_helpers.h"
#include "widgets/plot_frame.h"

namespace vl {
namespace {

constexpr int leftMargin = 40;

}  // namespace

MaskPreview::MaskPreview(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setAccessibleName(tr("Mask at the preview"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void MaskPreview::setMask(int tokens, double alpha, const QString& title) {
    tokens_ = tokens;
    alpha_ = alpha;
    title_ = title;
    setAccessibleDescription(tr("%1 by %1 tokens, later keys weighted by %2").arg(tokens).arg(fixedText(alpha, 4)));
    update();
}

void MaskPreview::setHoveredQuery(int query) {
    if (query == hovered_) return;
    hovered_ = query;
    update();
}

QRectF MaskPreview::plotRect() const {
    return {leftMargin, maskTop, std::max(width() - leftMargin - 2.0, 1.0),
            std::max(height() - maskTop - maskBottom, 1) * 1.0};
}

QImage MaskPreview::maskImage() const {
    const auto& t = Theme::instance().tokens();
    QImage image(std::max(tokens_, 1), std::max(tokens_, 1), QImage::Format_RGB32);
    for (int i = 0; i < tokens_; ++i) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(i));
        for (int j = 0; j < tokens_; ++j)
            line[j] = mixed(t.window, t.series[0], softMaskFactor(alpha_, i, j)).rgb();
    }
    return image;
}

void MaskPreview::mouseMoveEvent(QMouseEvent* event) {
    const QRectF plot = plotRect();
    const bool inside = tokens_ > 0 && plot.contains(event->position());
    const int query = inside ? static_cast<int>((event->position().y() - plot.top()) / plot.height() * tokens_) : -1;
    const int key = inside ? static_cast<int>((event->position().x() - plot.left()) / plot.width() * tokens_) : -1;
    if (query == hovered_ && key == hoveredKey_) return;
    hovered_ = query;
    hoveredKey_ = key;
    setToolTip(inside ? tr("query %1, key %2: weight %3")
                            .arg(query)
                            .arg(key)
                            .arg(fixedText(softMaskFactor(alpha_, query, key), 4))
                      : QString());
    update();
    Q_EMIT queryHovered(query);
}

void MaskPreview::leaveEvent(QEvent*) {
    hovered_ = hoveredKey_ = -1;
    update();
    Q_EMIT queryHovered(-1);
}

void MaskPreview::paintEvent(QPaintEvent*) {
    const auto& t = Theme::instance().tokens();
    QPainter painter(this);
    const QRectF plot = plotRect();
    const QFont small = Theme::uiFont(11), mono = Theme::monoFont(11);
    const double titleWidth = paintText(painter, QRectF(0, 0, width(), 20), Qt::AlignVCenter | Qt::AlignLeft, title_,
                                        Theme::uiFont(12, QFont::DemiBold), t.text);
    const auto legend = [&](double right, const QString& text, const QColor& colour) {
        const double w = QFontMetricsF(mono).horizontalAdvance(text);
        paintText(painter, QRectF(right - w, 0, w + 1, 20), Qt::AlignVCenter, text, mono, t.text2);
        painter.fillRect(QRectF(right - w - 16, 4, 12, 12), colour);
        return right - w - 28;
    };
    const double next =
        legend(plot.right(), tr("α %1").arg(fixedText(alpha_, 3)), mixed(t.window, t.series[0], alpha_));
    if (next - 40 > titleWidth) legend(next, QStringLiteral("1"), t.series[0]);
    if (tokens_ <= 0) return;

    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(plot, maskImage());
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(t.controlLine, 1));
    painter.drawRect(plot.adjusted(-0.5, -0.5, 0.5, 0.5));
    const double cell = plot.height() / tokens_;
    auto ticks = niceTicks(0, tokens_ - 1, 4);
    if (tokens_ <= 200) {
        ticks.clear();
        const int step = tokens_ > 80 ? 32 : tokens_ > 24 ? 16 : 4;
        for (int v = 0; v < tokens_; v += step)
            ticks.push_back(v);
    }
    for (double v : ticks) {
        const double half = QFontMetricsF(mono).horizontalAdvance(QString::number(v)) / 2;
        const double middle = std::min(plot.left() + (v + 0.5) * plot.width() / tokens_, width() - half - 1);
        paintText(painter, QRectF(middle - 20, maskTop - 20, 40, 16), Qt::AlignCenter, QString::number(v), mono,
                  t.text2);
        paintText(painter, QRectF(0, plot.top() + (v + 0.5) * cell - 8, leftMargin - 6, 16),
                  Qt::AlignRight | Qt::AlignVCenter, QString::number(v), mono, t.text2);
    }
    painter.save();
    painter.translate(6, plot.center().y() - cell);
    painter.rotate(-90);
    paintText(painter, QRectF(-30, -8, 60, 16), Qt::AlignCenter, tr("query"), small, t.text2);
    painter.restore();
    paintText(painter, QRectF(0, maskTop - 20, leftMargin - 8, 16), Qt::AlignRight | Qt::AlignVCenter, tr("key"), small,
              t.text2);
    if (hovered_ >= 0 && hovered_ < tokens_) {
        painter.setPen(QPen(t.text, 1));
        painter.drawRect(
            QRectF(plot.left(), plot.top() + hovered_ * cell, plot.width(), cell).adjusted(-0.5, -0.5, 0.5, 0.5));
    }
}

}  // namespace vl
