// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/history_strip.h"

#include <algorithm>
#include <utility>

#include <QContextMenuEvent>
#include <QCoreApplication>
#include <QDateTime>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>

#include "widgets/labels.h"
#include "widgets/number_field.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int kItem = 164, kThumb = 48, kGap = 8;

}  // namespace

QString settingsText(const SampleRecord& record) {
    const GridRecipe& recipe = record.recipe;
    const CellSettings base = record.grid.cells.empty() ? recipe.base : record.grid.cells.front();
    const auto varies = [&](Vary what) { return recipe.rows == what || recipe.columns == what; };
    QStringList parts;
    for (const SamplerInfo& each : samplerList())
        if (each.name == base.sampler && !varies(Vary::Sampler))
            parts << QString::fromUtf8(each.label.data(), static_cast<qsizetype>(each.label.size()))
                         .section(QLatin1Char(','), 0, 0);
    if (!varies(Vary::Guidance))
        parts << QCoreApplication::translate("vl::HistoryStrip", "guidance %1").arg(numberText(base.guidance));
    if (!varies(Vary::Steps)) parts << QCoreApplication::translate("vl::HistoryStrip", "%1 steps").arg(base.steps);
    return parts.join(QStringLiteral(", "));
}

QString whenText(double wallSeconds) {
    const QDateTime when = QDateTime::fromSecsSinceEpoch(static_cast<qint64>(wallSeconds));
    const qint64 days = when.date().daysTo(QDate::currentDate());
    const QString time = when.toString(QStringLiteral("HH:mm"));
    if (days == 0) return QCoreApplication::translate("vl::HistoryStrip", "Today %1").arg(time);
    if (days == 1) return QCoreApplication::translate("vl::HistoryStrip", "Yesterday %1").arg(time);
    return QLocale(QLocale::English).toString(when.date(), QStringLiteral("d MMM ")) + time;
}

HistoryStrip::HistoryStrip(QWidget* parent) : QWidget(parent), results_(std::make_shared<std::vector<StoredResult>>()) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setFixedHeight(kThumb + 8);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("History"));
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void HistoryStrip::setResults(StoredResults results) {
    results_ = std::move(results);
    filterAgain();
}

void HistoryStrip::setFilter(const QString& text) {
    filter_ = text.simplified();
    first_ = 0;
    filterAgain();
}

void HistoryStrip::setOpen(const std::filesystem::path& folder) {
    open_ = folder;
    update();
}

void HistoryStrip::filterAgain() {
    const QStringList words = filter_.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    shown_.clear();
    for (std::size_t i = 0; i < results_->size(); ++i) {
        const SampleRecord& record = (*results_)[i].info.record;
        QString text = QString::fromStdString(record.modelName) + QLatin1Char(' ') + settingsText(record);
        for (const auto& label : record.grid.columnLabels)
            text += QLatin1Char(' ') + QString::fromStdString(label);
        for (const auto& label : record.grid.rowLabels)
            text += QLatin1Char(' ') + QString::fromStdString(label);
        const bool fit = std::all_of(words.begin(), words.end(),
                                     [&](const QString& w) { return text.contains(w, Qt::CaseInsensitive); });
        if (fit) shown_.push_back(static_cast<int>(i));
    }
    hover_ = at_ = -1;
    first_ = std::clamp(first_, 0, std::max(0, static_cast<int>(shown_.size()) - fits()));
    update();
}

int HistoryStrip::fits() const { return std::max(1, (width() + kGap) / kItem); }

QRectF HistoryStrip::itemRect(int place) const {
    if (place < first_ || place >= std::min<int>(first_ + fits(), static_cast<int>(shown_.size()))) return {};
    return {double((place - first_) * kItem), 2, double(std::min(kItem - kGap, width())), double(kThumb + 4)};
}

int HistoryStrip::itemAt(const QPointF& point) const {
    for (int place = first_; place < std::ssize(shown_); ++place)
        if (itemRect(place).contains(point)) return place;
    return -1;
}

void HistoryStrip::scrollTo(int place) {
    const int last = static_cast<int>(shown_.size()) - 1;
    at_ = std::clamp(place, 0, std::max(0, last));
    if (at_ < first_) first_ = at_;
    if (at_ >= first_ + fits()) first_ = at_ - fits() + 1;
    update();
}

void HistoryStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Tokens& t = Theme::instance().tokens();
    if (shown_.empty()) {
        const QString text =
            results_->empty() ? tr("Finished grids are kept here.") : tr("Nothing matches the filter.");
        paintText(painter, rect(), Qt::AlignLeft | Qt::AlignVCenter, text, typeFont(Type::Secondary), t.text3);
        return;
    }
    const QFont strong = typeFont(Type::Secondary), small = typeFont(Type::Caption);
    for (int place = first_; place < std::ssize(shown_); ++place) {
        const QRectF item = itemRect(place);
        if (item.isEmpty()) break;
        const StoredResult& each = result(place);
        const QRectF thumb(item.x() + 2, item.y() + 2, kThumb, kThumb);
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        if (each.thumbnail.isNull())
            painter.fillRect(thumb, t.raised);
        else
            painter.drawImage(thumb, each.thumbnail);
        const bool isOpen = each.info.folder == open_;
        if (isOpen || place == hover_ || (place == at_ && hasFocus())) {
            painter.setPen(QPen(isOpen || place == at_ ? t.accent : t.controlLine, isOpen ? 2 : 1));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(thumb.adjusted(-1, -1, 1, 1));
        }
        const double x = thumb.right() + 8, width = item.right() - x;
        const auto line = [&](double y, const QString& text, const QFont& font, const QColor& colour) {
            paintText(painter, QRectF(x, y, width, 16), Qt::AlignLeft | Qt::AlignVCenter,
                      QFontMetrics(font).elidedText(text, Qt::ElideRight, static_cast<int>(width)), font, colour);
        };
        line(item.y() + 9, whenText(each.info.record.wallSeconds), strong, t.text);
        line(item.y() + 26, settingsText(each.info.record), small, t.text2);
    }
}

void HistoryStrip::mousePressEvent(QMouseEvent* event) {
    const int place = itemAt(event->position());
    if (place < 0 || event->button() != Qt::LeftButton) return;
    scrollTo(place);
    Q_EMIT opened(result(place).info.folder);
}

void HistoryStrip::mouseMoveEvent(QMouseEvent* event) {
    const int place = itemAt(event->position());
    if (place == hover_) return;
    hover_ = place;
    const auto text = [this](const StoredResult& each) {
        const SampleRecord& r = each.info.record;
        return tr("%1\n%2\n%3 × %4 samples")
            .arg(QString::fromStdString(r.modelName), settingsText(r))
            .arg(r.grid.rows)
            .arg(r.grid.columns);
    };
    setToolTip(place < 0 ? QString() : text(result(place)));
    update();
}

void HistoryStrip::leaveEvent(QEvent*) {
    hover_ = -1;
    update();
}

void HistoryStrip::wheelEvent(QWheelEvent* event) {
    const int by = (event->angleDelta().y() + event->angleDelta().x()) > 0 ? -1 : 1;
    first_ = std::clamp(first_ + by, 0, std::max(0, static_cast<int>(shown_.size()) - fits()));
    update();
    event->accept();
}

void HistoryStrip::contextMenuEvent(QContextMenuEvent* event) {
    const int place = event->reason() == QContextMenuEvent::Keyboard ? at_ : itemAt(event->pos());
    if (place >= 0 && place < std::ssize(shown_)) Q_EMIT menuRequested(place, event->globalPos());
}

void HistoryStrip::keyPressEvent(QKeyEvent* event) {
    const int place = hover_ >= 0 ? hover_ : at_;
    switch (event->key()) {
        case Qt::Key_Left:
            return scrollTo(at_ - 1);
        case Qt::Key_Right:
            return scrollTo(at_ + 1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space:
            if (at_ >= 0 && at_ < std::ssize(shown_)) Q_EMIT opened(result(at_).info.folder);
            return;
        case Qt::Key_B:
            if (event->isAutoRepeat() || place < 0 || place >= std::ssize(shown_)) return;
            blinking_ = result(place).info.folder;
            return Q_EMIT blinked(blinking_, true);
        default:
            QWidget::keyPressEvent(event);
    }
}

void HistoryStrip::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_B || event->isAutoRepeat()) return QWidget::keyReleaseEvent(event);
    if (!blinking_.empty()) Q_EMIT blinked(std::exchange(blinking_, {}), false);
}

void HistoryStrip::focusOutEvent(QFocusEvent* event) {
    if (!blinking_.empty()) Q_EMIT blinked(std::exchange(blinking_, {}), false);
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace vl
