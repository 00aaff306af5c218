// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sample_grid.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QApplication>
#include <QContextMenuEvent>
#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>

#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr double kLargest = 16;  // device pixels a picture pixel; beyond that nothing more is seen

}  // namespace

SampleGrid::SampleGrid(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    pool_.setMaxThreadCount(1);
    setAccessibleName(tr("Samples"));
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

SampleGrid::~SampleGrid() {
    pool_.clear();
    pool_.waitForDone();
}

void SampleGrid::setCells(std::vector<Row> rows, std::vector<Column> columns) {
    if (rows == rows_ && columns == columns_) return;
    rows_ = std::move(rows);
    columns_ = std::move(columns);
    if (selected_ >= count()) selected_ = -1;
    if (std::ssize(pictures_) != count()) pictures_.clear();
    arrange();
    describe();
    update();
}

void SampleGrid::setRowShare(int row, double share, bool shown) {
    if (row < 0 || row >= std::ssize(rows_)) return;
    Row& r = rows_[static_cast<std::size_t>(row)];
    if (r.share == share && r.shown == shown) return;
    r.share = share;
    r.shown = shown;
    update(0, 0, labelWidth, height());
}

void SampleGrid::setPictures(std::vector<QImage> pictures) {
    const QSize before = pictures_.empty() ? QSize() : pictures_.front().size();
    pictures_ = std::move(pictures);
    if (pictures_.empty() || pictures_.front().size() != before) arrange();
    makeSmaller();
    update();
}

const QImage& SampleGrid::picture(int cell) const {
    static const QImage none;
    return cell >= 0 && cell < std::ssize(pictures_) ? pictures_[static_cast<std::size_t>(cell)] : none;
}

void SampleGrid::arrange() {
    side_ = height_ = 0;
    if (rows_.empty() || columns_.empty()) return;
    const auto columns = static_cast<double>(columns_.size()), rows = static_cast<double>(rows_.size());
    const QSize picture = pictures_.empty() || pictures_.front().isNull() ? QSize(32, 32) : pictures_.front().size();
    const double ratio = devicePixelRatioF();
    const auto scaleFor = [&](int between) {
        const double wide = (width() - labelWidth - between * (columns - 1)) / columns - 0.5;
        const double high = (height() - headHeight - between * (rows - 1)) / rows - 0.5;
        if (wide < 4 || high < 4) return 0.0;
        const double scale = std::min(wide * ratio / picture.width(), high * ratio / picture.height());
        return scale < 1 ? scale : std::min(std::floor(scale), kLargest * std::ceil(ratio));
    };
    // Whole multiples only; closer together where that makes the cells larger by one.
    const double usual = scaleFor(kGap), close = scaleFor(kGap / 2);
    gap_ = close >= 1 && close > usual ? kGap / 2 : kGap;
    const double scale = gap_ == kGap ? usual : close;
    side_ = std::floor(picture.width() * scale) / ratio;
    height_ = std::floor(picture.height() * scale) / ratio;
}

// Pictures larger than their cell would alias when pixels are skipped, and averaging takes longer than a repaint may.
void SampleGrid::makeSmaller() {
    const std::uint64_t number = ++newest_;
    const QSize target = (QSizeF(side_, height_) * devicePixelRatioF()).toSize();
    const bool fits = pictures_.empty() || pictures_.front().width() <= target.width() || target.isEmpty();
    if (fits) return small_.clear();
    pool_.clear();
    pool_.start([this, number, target, pictures = pictures_] {
        std::vector<QImage> small;
        small.reserve(pictures.size());
        for (const QImage& each : pictures)
            small.push_back(each.isNull() ? each
                                          : each.convertToFormat(QImage::Format_RGB32)
                                                .scaled(target, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
        QMetaObject::invokeMethod(this, [this, number, made = std::move(small)]() mutable {
            if (number != newest_) return;
            small_ = std::move(made);
            update();
        });
    });
}

void SampleGrid::waitForPictures() {
    pool_.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

QRectF SampleGrid::cellRect(int cell) const {
    if (cell < 0 || cell >= count() || side_ <= 0) return {};
    const int columns = static_cast<int>(columns_.size());
    return {labelWidth + (cell % columns) * (side_ + gap_), headHeight + (cell / columns) * (height_ + gap_), side_,
            height_};
}

int SampleGrid::cellAt(const QPointF& point) const {
    for (int cell = 0; cell < count(); ++cell)
        if (cellRect(cell).contains(point)) return cell;
    return -1;
}

void SampleGrid::setSelected(int cell) {
    selected_ = cell < count() ? cell : -1;
    describe();
    update();
}

void SampleGrid::choose(int cell) {
    if (cell < 0 || cell >= count() || cell == selected_) return;
    setSelected(cell);
    Q_EMIT selectedChanged(cell);
}

void SampleGrid::describe() {
    if (selected_ < 0 || columns_.empty()) return setAccessibleDescription({});
    const auto columns = static_cast<int>(columns_.size());
    const Row& row = rows_[static_cast<std::size_t>(selected_ / columns)];
    const Column& column = columns_[static_cast<std::size_t>(selected_ % columns)];
    setAccessibleDescription(
        tr("Selected: %1 %2, %3 %4").arg(row.value, row.unit, column.name, column.note).simplified());
}

void SampleGrid::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const double before = side_;
    arrange();
    if (side_ != before) makeSmaller();
}

bool SampleGrid::event(QEvent* event) {
    if (event->type() == QEvent::ScreenChangeInternal) arrange();
    return QWidget::event(event);
}

void SampleGrid::mousePressEvent(QMouseEvent* event) {
    ring_ = false;
    pressedCell_ = event->button() == Qt::LeftButton ? cellAt(event->position()) : -1;
    pressedAt_ = event->position();
    if (pressedCell_ < 0) return;
    choose(pressedCell_);
    Q_EMIT pressed(pressedCell_);
}

void SampleGrid::mouseMoveEvent(QMouseEvent* event) {
    if (pressedCell_ < 0 || !(event->buttons() & Qt::LeftButton)) return;
    if ((event->position() - pressedAt_).manhattanLength() < QApplication::startDragDistance()) return;
    Q_EMIT dragStarted(std::exchange(pressedCell_, -1));
}

void SampleGrid::contextMenuEvent(QContextMenuEvent* event) {
    const int cell = event->reason() == QContextMenuEvent::Keyboard ? selected_ : cellAt(event->pos());
    if (cell < 0) return;
    choose(cell);
    Q_EMIT menuRequested(cell, event->globalPos());
}

void SampleGrid::keyPressEvent(QKeyEvent* event) {
    const int columns = static_cast<int>(columns_.size());
    const int at = std::max(selected_, 0), column = columns > 0 ? at % columns : 0;
    switch (event->key()) {
        case Qt::Key_Left:
            return column > 0 ? choose(at - 1) : void();
        case Qt::Key_Right:
            return column + 1 < columns ? choose(at + 1) : void();
        case Qt::Key_Up:
            return choose(at - columns);
        case Qt::Key_Down:
            return choose(at + columns);
        case Qt::Key_Home:
            return choose(0);
        case Qt::Key_End:
            return choose(count() - 1);
        case Qt::Key_Comma:
            return Q_EMIT frameStepped(-1);
        case Qt::Key_Period:
            return Q_EMIT frameStepped(1);
        case Qt::Key_Space:
            return Q_EMIT playToggled();
        case Qt::Key_X:
            return Q_EMIT viewToggled();
        case Qt::Key_B:
            if (!event->isAutoRepeat()) Q_EMIT blinkChanged(true);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

void SampleGrid::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_B && !event->isAutoRepeat()) return Q_EMIT blinkChanged(false);
    QWidget::keyReleaseEvent(event);
}

void SampleGrid::focusInEvent(QFocusEvent* event) {
    ring_ = isKeyboardFocus(event->reason());
    QWidget::focusInEvent(event);
    update();
}

void SampleGrid::focusOutEvent(QFocusEvent* event) {
    Q_EMIT blinkChanged(false);
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace vl
