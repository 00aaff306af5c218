// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/class_scores.h"

#include <algorithm>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/labels.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int kRow = 26, kName = 96, kNumber = 44;

}  // namespace

ClassScores::ClassScores(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Figures by class"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize ClassScores::sizeHint() const { return {240, static_cast<int>(rows_.size()) * kRow}; }

void ClassScores::setRows(std::vector<Row> rows) {
    if (rows == rows_) return;
    rows_ = std::move(rows);
    if (current_ >= std::ssize(rows_)) current_ = -1;
    hover_ = -1;
    updateGeometry();
    update();
}

void ClassScores::setCurrent(int row) {
    current_ = row;
    const Row* one = row >= 0 && row < std::ssize(rows_) ? &rows_[std::size_t(row)] : nullptr;
    setAccessibleDescription(one ? one->name + QLatin1Char(' ') + fixedText(one->value, 3) : QString());
    update();
}

void ClassScores::choose(int row) {
    if (row == current_) return;
    setCurrent(row);
    Q_EMIT currentChanged(row);
}

void ClassScores::mousePressEvent(QMouseEvent* event) {
    const int row = static_cast<int>(event->position().y()) / kRow;
    if (event->button() == Qt::LeftButton && row >= 0 && row < std::ssize(rows_)) choose(row == current_ ? -1 : row);
}

void ClassScores::mouseMoveEvent(QMouseEvent* event) {
    hover_ = static_cast<int>(event->position().y()) / kRow;
    update();
}

void ClassScores::leaveEvent(QEvent*) {
    hover_ = -1;
    update();
}

void ClassScores::keyPressEvent(QKeyEvent* event) {
    const int step = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (event->key() == Qt::Key_Escape && current_ >= 0) return choose(-1);
    if (step == 0 || rows_.empty()) return QWidget::keyPressEvent(event);
    choose(std::clamp(current_ + step, 0, static_cast<int>(rows_.size()) - 1));
}

void ClassScores::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    QPainter painter(this);
    for (int i = 0; i < std::ssize(rows_); ++i) {
        const Row& row = rows_[std::size_t(i)];
        const QRectF area(0, i * kRow, width(), kRow);
        if (i == current_ || i == hover_) painter.fillRect(area, i == current_ ? t.selection : t.hover);
        painter.setPen(QPen(t.text, 1));
        painter.setBrush(row.colour);
        painter.drawRect(QRectF(area.left() + 0.5, area.center().y() - 5.5, 11, 11));
        const QFont font = typeFont(Type::Secondary);
        paintText(painter, QRectF(20, area.y(), kName, kRow), Qt::AlignVCenter | Qt::AlignLeft,
                  QFontMetrics(font).elidedText(row.name, Qt::ElideRight, kName), font, t.text);
        const QRectF bar(20 + kName + 8, area.center().y() - 3, std::max(0.0, area.width() - kName - kNumber - 36), 6);
        painter.fillRect(bar, t.line);
        if (row.value > 0)
            painter.fillRect(QRectF(bar.topLeft(), QSizeF(bar.width() * std::min(1.0, row.value), bar.height())),
                             t.accent);
        paintText(painter, area, Qt::AlignVCenter | Qt::AlignRight,
                  row.value < 0 ? QStringLiteral("–") : fixedText(row.value, 3), typeFont(Type::Number),
                  row.value < 0 ? t.text3 : t.text);
    }
    if (hasFocus() && current_ < 0) paintFocusRing(painter, rect());
}

}  // namespace vl
