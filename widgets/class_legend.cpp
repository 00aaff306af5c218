// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/class_legend.h"

#include <algorithm>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/icons.h"
#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int kInset = 16, kHead = 26, kTall = 44, kLow = 28, kText = 36;

}  // namespace

ClassLegend::ClassLegend(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Classes"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

bool ClassLegend::hasBars() const {
    return std::ranges::any_of(rows_, [](const Row& row) { return row.iou >= 0; });
}

void ClassLegend::setRows(std::vector<Row> rows) {
    if (rows == rows_) return;
    rows_ = std::move(rows);
    at_ = std::clamp(at_, 0, std::max(0, static_cast<int>(rows_.size()) - 1));
    QStringList words;
    for (const Row& row : rows_)
        words << tr("%1 %2 %").arg(row.name, fixedText(row.area * 100, 1));
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
}

QSize ClassLegend::sizeHint() const {
    return {256, kHead + static_cast<int>(rows_.size()) * (hasBars() ? kTall : kLow)};
}

void ClassLegend::setHighlighted(int label) {
    if (label == highlighted_) return;
    highlighted_ = label;
    update();
}

QRectF ClassLegend::rowRect(int row) const {
    const int height = hasBars() ? kTall : kLow;
    return QRectF(0, kHead + row * height, width(), height);
}

QRectF ClassLegend::eyeRect(int row) const {
    const QRectF box = rowRect(row);
    return {box.right() - kInset - 20 - 26, box.top() + 5, 20, 20};
}

QRectF ClassLegend::soloRect(int row) const {
    const QRectF box = rowRect(row);
    return {box.right() - kInset - 20, box.top() + 6, 20, 18};
}

void ClassLegend::hover(int row) {
    if (row == hovered_) return;
    hovered_ = row;
    update();
    Q_EMIT hovered(row < 0 ? -1 : rows_[std::size_t(row)].label);
}

void ClassLegend::mouseMoveEvent(QMouseEvent* event) {
    const double y = event->position().y() - kHead;
    const int row = y < 0 ? -1 : static_cast<int>(y / rowRect(0).height());
    hover(row < std::ssize(rows_) ? row : -1);
    const bool onSolo = hovered_ >= 0 && soloRect(hovered_).contains(event->position());
    setToolTip(hovered_ < 0 ? QString()
               : onSolo     ? tr("Show this class alone (S, Alt+click)")
                            : tr("Hide or show this class (M, click)"));
}

void ClassLegend::leaveEvent(QEvent*) { hover(-1); }

void ClassLegend::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || rows_.empty()) return;
    const int row = static_cast<int>((event->position().y() - kHead) / rowRect(0).height());
    if (event->position().y() < kHead || row >= std::ssize(rows_)) return;
    at_ = row;
    const int label = rows_[std::size_t(row)].label;
    if (event->modifiers().testFlag(Qt::AltModifier) ||
        soloRect(row).adjusted(-3, -3, 3, 3).contains(event->position()))
        Q_EMIT soloToggled(label);
    else
        Q_EMIT muteToggled(label);
}

void ClassLegend::keyPressEvent(QKeyEvent* event) {
    if (rows_.empty()) return QWidget::keyPressEvent(event);
    const int label = rows_[std::size_t(at_)].label, last = static_cast<int>(rows_.size()) - 1;
    switch (event->key()) {
        case Qt::Key_Up:
            at_ = std::max(0, at_ - 1);
            break;
        case Qt::Key_Down:
            at_ = std::min(last, at_ + 1);
            break;
        case Qt::Key_Space:
        case Qt::Key_M:
            Q_EMIT muteToggled(label);
            return;
        case Qt::Key_S:
            Q_EMIT soloToggled(label);
            return;
        default:
            return QWidget::keyPressEvent(event);
    }
    hover(at_);
    update();
}

void ClassLegend::focusInEvent(QFocusEvent* event) {
    ring_ = isKeyboardFocus(event->reason());
    update();
}

void ClassLegend::focusOutEvent(QFocusEvent*) {
    ring_ = false;
    update();
}

void ClassLegend::paintEvent(QPaintEvent* event) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    const QFont caption = typeFont(Type::Caption);
    const QRectF head(kText, 0, width() - kText - kInset, kHead - 4);
    paintText(painter, head, Qt::AlignLeft | Qt::AlignVCenter, hasBars() ? tr("class, IoU below") : tr("class"),
              caption, t.text2);
    paintText(painter, head.adjusted(0, 0, -64, 0), Qt::AlignRight | Qt::AlignVCenter, tr("area"), caption, t.text2);
    paintText(painter, head, Qt::AlignRight | Qt::AlignVCenter, tr("mute, solo"), caption, t.text2);
    for (int i = 0; i < std::ssize(rows_); ++i)
        if (rowRect(i).intersects(QRectF(event->rect()))) paintRow(painter, i);
}

void ClassLegend::paintRow(QPainter& painter, int index) const {
    const Tokens& t = Theme::instance().tokens();
    const Row& row = rows_[std::size_t(index)];
    const QRectF box = rowRect(index);
    if (row.label == highlighted_ || index == hovered_)
        painter.fillRect(box, row.label == highlighted_ ? t.selection : t.hover);
    const QRectF swatch(kInset, box.top() + 9, 11, 11);
    painter.setBrush(row.muted ? QBrush(Qt::NoBrush) : QBrush(row.colour));
    painter.setPen(row.muted ? t.controlLine : t.text);
    painter.drawRect(swatch);
    const QRectF line(kText, box.top(), width() - kText - kInset, 28);
    const QFont words = typeFont(Type::Control), numbers = typeFont(Type::CaptionNumber),
                caption = typeFont(Type::Caption);
    const QString area = tr("%1 %").arg(fixedText(row.area * 100, 1));
    const double room = line.width() - 64 - 48;
    const QString name = QFontMetricsF(words).elidedText(row.name, Qt::ElideRight, room - (row.muted ? 40 : 0));
    const double used =
        paintText(painter, line, Qt::AlignLeft | Qt::AlignVCenter, name, words, row.muted ? t.text2 : t.text);
    if (row.muted)
        paintText(painter, line.adjusted(used + 8, 1, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, tr("muted"), caption,
                  t.text2);
    paintText(painter, line.adjusted(0, 0, -60, 0), Qt::AlignRight | Qt::AlignVCenter, area, numbers, t.text2);
    paintIcon(painter, eyeRect(index).adjusted(2, 2, -2, -2).toRect(),
              row.muted ? QStringLiteral("eye-off") : QStringLiteral("eye"), row.muted ? t.text : t.text2);
    const QRectF solo = soloRect(index);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(row.solo ? t.accent : t.buttonLine);
    painter.setBrush(row.solo ? t.accent : t.window);
    painter.drawRoundedRect(solo.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintText(painter, solo, Qt::AlignCenter, QStringLiteral("S"), numbers, row.solo ? t.onAccent : t.text2);
    if (hasBars()) {
        const QRectF bar(kText, box.top() + 28, line.width() - 46, 6);
        painter.fillRect(bar, t.line);
        if (row.iou >= 0)
            painter.fillRect(QRectF(bar.topLeft(), QSizeF(bar.width() * std::min(1.0, row.iou), bar.height())),
                             row.muted ? t.text3 : t.accent);
        paintText(painter, QRectF(bar.right(), bar.center().y() - 8, 46, 16), Qt::AlignRight | Qt::AlignVCenter,
                  row.iou >= 0 ? fixedText(row.iou, 3) : QStringLiteral("–"), numbers, t.text);
    }
    if (ring_ && hasFocus() && index == at_) paintFocusRing(painter, box.adjusted(2, 1, -2, -1));
}

}  // namespace vl
