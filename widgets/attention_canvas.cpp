// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/attention_canvas.h"

#include <algorithm>
#include <cmath>

#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr double tickLeft = 16, tickTop = 18;  // row numbers left, column numbers above
constexpr double footerHeight = 44;            // colour bar and class token below
constexpr double rightSlack = 2;               // room for the outline of a mark on the last column
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
    return {picture_.size(),     pictureArea(),      devicePixelRatioF(), actual_, pan_,
            geometry_.queryRows, geometry_.queryCols};
}

int AttentionCanvas::heightForPicture(int width) const {
    if (picture_.isNull()) return sizeHint().height();
    const PictureLayout at(picture_.size(), QRectF(0, 0, width - tickLeft - rightSlack, 1e5), devicePixelRatioF(),
                           false, {}, 1, 1);
    return static_cast<int>(std::ceil(tickTop + at.rect().height() + footerHeight));
}

int AttentionCanvas::widthForPicture(int height) const {
    if (picture_.isNull()) return sizeHint().width();
    const PictureLayout at(picture_.size(), QRectF(0, 0, 1e5, height - tickTop - footerHeight), devicePixelRatioF(),
                           false, {}, 1, 1);
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
            line[c] = qRgba(qRed(colour), qGreen(colour), qBlue(colour),
                            static_cast<int>(std::lround(255 * overlayAlpha(opacity_, v))));
        }
    }
}

// What a screen reader says is what the marks show.
void AttentionCanvas::describe() {
    const auto patch = patchOfToken(geometry_, query_);
    QString words = patch         ? tr("Query patch row %1, column %2").arg(patch->row).arg(patch->col)
                    : query_ >= 0 ? tr("Query class token")
                                  : tr("No query");
    if (!values_.empty()) words += tr(", largest weight %1").arg(shareText(scale_.max));
    setAccessibleDescription(words);
}

}  // namespace vl
