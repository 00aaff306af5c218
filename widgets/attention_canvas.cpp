// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/attention_canvas.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr double tickLeft = 16, tickTop = 18;   // row numbers left, column numbers above
constexpr double footerHeight = 44;     // colour bar and class token below
constexpr double rightSlack = 2;        // room for the outline of a mark on the last column
constexpr double classTile = 24;

}  // namespace

QColor pinColor(int slot) {
    static constexpr int order[maxPins] = {4, 2, 1, 3};
    return darkTokens().series[order[std::clamp(slot, 0, maxPins - 1)]];
}

AttentionCanvas::AttentionCanvas(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Attention over the picture"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QRectF AttentionCanvas::pictureArea() const {
    return QRectF(tickLeft, tickTop, width() - tickLeft - rightSlack, height() - tickTop - footerHeight);
}

PictureLayout AttentionCanvas::pictureLayout() const {
    return {picture_.size(), pictureArea(), devicePixelRatioF(), actual_, pan_, geometry_.queryRows, geometry_.queryCols};
}

int AttentionCanvas::heightForPicture(int width) const {
    if (picture_.isNull()) return sizeHint().height();
    const PictureLayout at(picture_.size(), QRectF(0, 0, width - tickLeft - rightSlack, 1e5), devicePixelRatioF(), false, {}, 1, 1);
    return static_cast<int>(std::ceil(tickTop + at.rect().height() + footerHeight));
}

int AttentionCanvas::widthForPicture(int height) const {
    if (picture_.isNull()) return sizeHint().width();
    const PictureLayout at(picture_.size(), QRectF(0, 0, 1e5, height - tickTop - footerHeight), devicePixelRatioF(), false, {}, 1, 1);
    return static_cast<int>(std::ceil(tickLeft + at.rect().width() + rightSlack));
}

QRectF AttentionCanvas::classTokenRect() const {
    const auto at = pictureLayout();
    if (geometry_.classTokenIndex < 0 || !at.valid()) return {};
    const double bottom = std::min(at.rect().bottom(), pictureArea().bottom());
    const double right = std::min(at.rect().right(), pictureArea().right());
    return {right - 64 - classTile, bottom + 10, classTile, classTile};
}

QRectF AttentionCanvas::tokenRect(int token) const {
    if (token >= 0 && token == geometry_.classTokenIndex) return classTokenRect();
    const auto patch = patchOfToken(geometry_, token);
    const auto at = pictureLayout();
    return patch && at.valid() ? at.cell(*patch) : QRectF();
}

int AttentionCanvas::tokenAt(const QPointF& point) const {
    if (classTokenRect().adjusted(-4, -4, 4, 4).contains(point)) return geometry_.classTokenIndex;
    const auto patch = pictureLayout().patchAt(point);
    return patch ? tokenOfPatch(geometry_, patch->row, patch->col) : -1;
}

void AttentionCanvas::setPicture(const QImage& picture, const AttentionGeometry& geometry) {
    if (picture.size() != picture_.size()) pan_ = {};
    picture_ = picture;
    geometry_ = geometry;
    values_.clear();
    rebuildOverlay();
    updateGeometry();
    update();
}

void AttentionCanvas::setValues(std::vector<float> values, ValueScale scale) {
    values_ = std::move(values);
    scale_ = scale;
    rebuildOverlay();
    describe();
    update();
}

void AttentionCanvas::setQuery(int token) {
    query_ = token;
    describe();
    update();
}

void AttentionCanvas::setPins(const std::vector<Pin>& pins) {
    pins_ = pins;
    update();
}

void AttentionCanvas::setBoundary(std::optional<double> alpha, AttentionDirection direction) {
    boundary_ = alpha;
    direction_ = direction;
    update();
}

void AttentionCanvas::setLook(ColorMap map, double opacity) {
    map_ = map;
    opacity_ = opacity;
    rebuildOverlay();
    update();
}

void AttentionCanvas::setOverlayHidden(bool hidden) {
    if (hidden == overlayHidden_) return;
    overlayHidden_ = hidden;
    update();
    Q_EMIT overlayHiddenChanged(hidden);
}

void AttentionCanvas::setActualSize(bool actual) {
    actual_ = actual;
    pan_ = {};
    update();
}

void AttentionCanvas::rebuildOverlay() {
    overlay_ = {};
    if (geometry_.queryCols <= 0 || values_.size() != static_cast<std::size_t>(geometry_.tokens)) return;
    overlay_ = QImage(geometry_.queryCols, geometry_.queryRows, QImage::Format_ARGB32);
    for (int r = 0; r < geometry_.queryRows; ++r) {
        auto* line = reinterpret_cast<QRgb*>(overlay_.scanLine(r));
        for (int c = 0; c < geometry_.queryCols; ++c) {
            const double v = scale_.normalise(values_[tokenOfPatch(geometry_, r, c)]);
            const QRgb colour = colorAt(map_, v);
            line[c] = qRgba(qRed(colour), qGreen(colour), qBlue(colour), static_cast<int>(std::lround(255 * overlayAlpha(opacity_, v))));
        }
    }
}

// What a screen reader says is what the marks show.
void AttentionCanvas::describe() {
    const auto patch = patchOfToken(geometry_, query_);
    QString words = patch ? tr("Query patch row %1, column %2").arg(patch->row).arg(patch->col)
                          : query_ >= 0 ? tr("Query class token") : tr("No query");
    if (!values_.empty()) words += tr(", largest weight %1").arg(shareText(scale_.max));
    setAccessibleDescription(words);
}

void AttentionCanvas::showColumns(bool columns) {
    if (columns == columns_) return;
    columns_ = columns;
    Q_EMIT columnsRequested(columns);
}

void AttentionCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (pressed_ && (dragged_ || (event->position() - pressedAt_).manhattanLength() > 6)) {
        dragged_ = true;
        const auto size = pictureLayout().rect().size();
        pan_ = PictureLayout::limitedPan(size, pictureArea(), panAtPress_ + event->position() - pressedAt_);
        update();
        return;
    }
    const int token = tokenAt(event->position());
    if (token < 0) return;
    showColumns(event->modifiers() & Qt::ShiftModifier);
    if (token != query_) Q_EMIT queryRequested(token);
}

void AttentionCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    setFocus(Qt::MouseFocusReason);
    pressed_ = true;
    dragged_ = false;
    pressedAt_ = event->position();
    panAtPress_ = pan_;
}

void AttentionCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !pressed_) return;
    pressed_ = false;
    const int token = dragged_ ? -1 : tokenAt(event->position());
    if (token >= 0) Q_EMIT pinToggled(token);
}

// Arrows walk the grid; the class token lies below the last row.
void AttentionCanvas::moveQuery(int dr, int dc) {
    if (geometry_.queryRows <= 0) return;
    const auto patch = patchOfToken(geometry_, query_);
    int next = -1;
    if (!patch) next = dr < 0 || query_ < 0 ? tokenOfPatch(geometry_, geometry_.queryRows - 1, geometry_.queryCols - 1) : query_;
    else if (dr > 0 && patch->row == geometry_.queryRows - 1) next = geometry_.classTokenIndex;
    else next = tokenOfPatch(geometry_, patch->row + dr, patch->col + dc);
    if (next >= 0 && next != query_) Q_EMIT queryRequested(next);
}

void AttentionCanvas::focusInEvent(QFocusEvent* event) {
    ring_ = isKeyboardFocus(event->reason());
    QWidget::focusInEvent(event);
    update();
}

void AttentionCanvas::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_BracketLeft: Q_EMIT layerStepped(-1); return;
        case Qt::Key_BracketRight: Q_EMIT layerStepped(1); return;
        case Qt::Key_Comma: Q_EMIT headStepped(-1); return;
        case Qt::Key_Period: Q_EMIT headStepped(1); return;
        case Qt::Key_Up: moveQuery(-1, 0); return;
        case Qt::Key_Down: moveQuery(1, 0); return;
        case Qt::Key_Left: moveQuery(0, -1); return;
        case Qt::Key_Right: moveQuery(0, 1); return;
        case Qt::Key_O: Q_EMIT opacityStepped(event->modifiers() & Qt::ShiftModifier ? 1 : -1); return;
        case Qt::Key_H: if (!event->isAutoRepeat()) setOverlayHidden(true); return;
        case Qt::Key_F: setActualSize(false); return;
        case Qt::Key_0: setActualSize(true); return;
        case Qt::Key_Escape: Q_EMIT unpinAll(); return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space: if (query_ >= 0) Q_EMIT pinToggled(query_); return;
        case Qt::Key_Shift: showColumns(true); break;
        default: break;
    }
    QWidget::keyPressEvent(event);
}

void AttentionCanvas::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_H && !event->isAutoRepeat()) return setOverlayHidden(false);
    if (event->key() == Qt::Key_Shift) showColumns(false);
    QWidget::keyReleaseEvent(event);
}

// A release that goes to another window must not leave the overlay hidden.
void AttentionCanvas::focusOutEvent(QFocusEvent* event) {
    setOverlayHidden(false);
    showColumns(false);
    QWidget::focusOutEvent(event);
    update();
}

bool AttentionCanvas::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int token = tokenAt(help->pos());
        if (token < 0 || token >= static_cast<int>(values_.size())) {
            QToolTip::hideText();
            return true;
        }
        const auto patch = patchOfToken(geometry_, token);
        const QString name = patch ? tr("patch (%1, %2)").arg(patch->row).arg(patch->col) : tr("class token");
        QToolTip::showText(help->globalPos(), tr("%1, weight %2").arg(name, shareText(values_[token])), this,
                           tokenRect(token).toAlignedRect());
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride) {
        // Single letters belong to the canvas while it has focus, whatever the window's shortcuts are.
        static constexpr int own[] = {Qt::Key_BracketLeft, Qt::Key_BracketRight, Qt::Key_Comma, Qt::Key_Period, Qt::Key_O,
                                      Qt::Key_H, Qt::Key_F, Qt::Key_0, Qt::Key_Escape};
        const auto* key = static_cast<QKeyEvent*>(event);
        if (!(key->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) && std::ranges::find(own, key->key()) != std::end(own))
            event->accept();
    }
    return QWidget::event(event);
}

}  // namespace vl
