// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/prediction_bars.h"

#include <algorithm>
#include <cmath>

#include <QFontMetrics>
#include <QPainter>

#include "widgets/icons.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int rowHeight = 24, nameWidth = 80, valueWidth = 56;

}  // namespace

PredictionBars::PredictionBars(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Prediction"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize PredictionBars::sizeHint() const { return {272, rows_ * rowHeight}; }
QSize PredictionBars::minimumSizeHint() const { return {200, rows_ * rowHeight}; }

void PredictionBars::setRowCount(int rows) {
    rows_ = std::max(rows, 1);
    updateGeometry();
}

void PredictionBars::setPredictions(const std::vector<Prediction>& predictions, int truth) {
    predictions_ = predictions;
    truth_ = truth;
    QStringList words;
    for (const auto& p : predictions_)
        if (words.size() < rows_)
            words << tr("%1 %2").arg(QString::fromStdString(p.className), fixedText(p.probability, 4));
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    update();
}

void PredictionBars::paintEvent(QPaintEvent*) {
    const auto& t = Theme::instance().tokens();
    QPainter painter(this);
    const QFont name = Theme::uiFont(12), number = Theme::monoFont(12);
    const QFontMetrics metrics(name);
    for (int i = 0; i < rows_; ++i) {
        const QRectF row(0, i * rowHeight, width(), rowHeight);
        const QRectF bar(nameWidth, row.y() + 6, row.width() - nameWidth - valueWidth - 8, 12);
        painter.fillRect(bar, t.line);
        if (i >= static_cast<int>(predictions_.size())) continue;
        const auto& p = predictions_[i];
        const bool isTruth = p.classIndex == truth_;
        const QString text =
            metrics.elidedText(QString::fromStdString(p.className), Qt::ElideRight, nameWidth - (isTruth ? 24 : 8));
        const double used = paintText(painter, row, Qt::AlignVCenter | Qt::AlignLeft, text, name, t.text);
        if (isTruth)
            paintIcon(painter, QRect(static_cast<int>(used) + 4, static_cast<int>(row.y()) + 6, 12, 12),
                      QStringLiteral("tick"), t.good);
        const double share = std::isfinite(p.probability) ? std::clamp(p.probability, 0.0, 1.0) : 0;
        // Even a share of nearly nothing leaves a hair line: "none" and "very little" differ.
        painter.fillRect(
            QRectF(bar.topLeft(), QSizeF(std::max(share > 0 ? 1.0 : 0.0, share * bar.width()), bar.height())),
            i == 0 ? t.series[0] : t.controlLine);
        paintText(painter, row, Qt::AlignVCenter | Qt::AlignRight, fixedText(p.probability, 4), number, t.text);
    }
}

}  // namespace vl
