// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/head_grid.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/paint_helpers.h"

namespace vl {
namespace {

constexpr int layerColumn = 28;  // "layer" and its numbers
constexpr int statWidth = 46, statGap = 4, statsAfterThumbs = 6;
constexpr int header = 36, largestCell = 160;
// Where the three statistics begin in a row below the thumbnails: the middle one has the longest words.
constexpr double stackedShare[4] = {0, 0.345, 0.765, 1};

}  // namespace

HeadGrid::HeadGrid(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Layers and heads"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void HeadGrid::setCell(int side, bool stacked, int stackedWidth) {
    if (side == cell_ && stacked == stacked_ && stackedWidth == stackedWidth_) return;
    cell_ = side;
    stacked_ = stacked;
    stackedWidth_ = stackedWidth;
    updateGeometry();
    update();
}

int HeadGrid::widthFor(int cell) const {
    return layerColumn + heads_ * cell + statsAfterThumbs + 3 * statWidth + 2 * statGap;
}

void HeadGrid::fitTo(int width, int height) {
    const int perLayer = (height - header - 4) / std::max(layers_, 1), perHead = std::max(heads_, 1);
    const int beside =
        std::clamp(std::min((width - widthFor(0)) / perHead, perLayer) / 8 * 8, heads_ <= 8 ? 32 : 24, largestCell);
    const int below = std::min({(width - layerColumn) / perHead, perLayer - statLine, largestCell}) / 8 * 8;
    const bool stack = below >= beside + 16;
    setCell(stack ? below : beside, stack, stack ? std::max(layerColumn + heads_ * below, 280) : 0);
}

int HeadGrid::statColumn(int index) const {
    if (stacked_) return layerColumn + 4 + static_cast<int>(stackedShare[index] * (stackedWidth_ - layerColumn - 4));
    return layerColumn + heads_ * cell_ + statsAfterThumbs + index * (statWidth + statGap);
}

QSize HeadGrid::sizeHint() const {
    return {stacked_ ? stackedWidth_ : widthFor(cell_), header + std::max(layers_, 1) * rowHeight() + 4};
}

void HeadGrid::setMaps(int layers, int heads, std::vector<QImage> maps) {
    const bool resized = layers != layers_ || heads != heads_;
    layers_ = layers;
    heads_ = heads;
    maps_ = std::move(maps);
    if (resized) {
        cell_ = defaultCell();
        stacked_ = false;
        updateGeometry();
        describe();
    }
    update();
}

void HeadGrid::setStats(std::vector<LayerStats> stats, double maxEntropy, double maxDistance) {
    stats_ = std::move(stats);
    maxEntropy_ = maxEntropy;
    maxDistance_ = maxDistance;
    describe();
    update();
}

void HeadGrid::setCurrent(int layer, int head, bool allHeads) {
    layer_ = layer;
    head_ = head;
    allHeads_ = allHeads;
    describe();
    update();
}

void HeadGrid::describe() {
    QString words = tr("Layer %1 of %2, head %3 of %4").arg(layer_ + 1).arg(layers_).arg(head_ + 1).arg(heads_);
    if (layer_ >= 0 && layer_ < static_cast<int>(stats_.size())) {
        const auto& s = stats_[layer_];
        words += tr(", entropy %1 bit, distance %2 patches, kept mass %3")
                     .arg(fixedText(s.entropyBits, 2), fixedText(s.meanDistance, 2), fixedText(s.keptMass, 2));
    }
    setAccessibleDescription(words);
}

QRect HeadGrid::thumbRect(int layer, int head) const {
    const int side = cell_ - (cell_ >= 40 ? 8 : 4);
    const int inRow = stacked_ ? cell_ : rowHeight();
    return {layerColumn + head * cell_ + (cell_ - side) / 2, header + layer * rowHeight() + (inRow - side) / 2, side,
            side};
}

bool HeadGrid::hit(const QPoint& point, int& layer, int& head) const {
    if (point.y() < header) return false;
    layer = (point.y() - header) / rowHeight();
    if (layer >= layers_ || point.x() < 0 || point.x() >= sizeHint().width()) return false;
    const int x = point.x() - layerColumn;
    const bool onThumbs = !stacked_ || (point.y() - header) % rowHeight() < cell_;
    head = onThumbs && x >= 0 && x / cell_ < heads_ ? x / cell_ : -1;
    return true;
}

void HeadGrid::mousePressEvent(QMouseEvent* event) {
    int layer = 0, head = 0;
    if (event->button() == Qt::LeftButton && hit(event->pos(), layer, head))
        Q_EMIT chosen(layer, head < 0 ? head_ : head);
}

void HeadGrid::mouseMoveEvent(QMouseEvent* event) {
    int layer = -1, head = -1;
    if (!hit(event->pos(), layer, head)) layer = head = -1;
    if (layer == hoverLayer_ && head == hoverHead_) return;
    hoverLayer_ = layer;
    hoverHead_ = head;
    update();
}

void HeadGrid::leaveEvent(QEvent*) {
    hoverLayer_ = hoverHead_ = -1;
    update();
}

void HeadGrid::keyPressEvent(QKeyEvent* event) {
    int layer = layer_, head = head_;
    switch (event->key()) {
        case Qt::Key_Up:
            --layer;
            break;
        case Qt::Key_Down:
            ++layer;
            break;
        case Qt::Key_Left:
            --head;
            break;
        case Qt::Key_Right:
            ++head;
            break;
        case Qt::Key_Home:
            layer = 0;
            break;
        case Qt::Key_End:
            layer = layers_ - 1;
            break;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    if (layer >= 0 && layer < layers_ && head >= 0 && head < heads_) Q_EMIT chosen(layer, head);
}

void HeadGrid::focusInEvent(QFocusEvent* event) {
    ring_ = isKeyboardFocus(event->reason());
    QWidget::focusInEvent(event);
}

void HeadGrid::paintEvent(QPaintEvent* event) {
    const auto& t = Theme::instance().tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    paintHeader(painter);
    for (int l = 0; l < layers_; ++l) {
        const QRect row(0, header + l * rowHeight(), sizeHint().width(), rowHeight());
        if (!row.intersects(event->rect())) continue;
        const bool current = l == layer_;
        if (current) painter.fillRect(row, t.hover);
        const double height = stacked_ ? cell_ : row.height();
        paintText(painter, QRectF(row.x(), row.y(), 20, height), Qt::AlignRight | Qt::AlignVCenter,
                  QString::number(l + 1), Theme::monoFont(12, current ? QFont::Bold : QFont::Normal),
                  current ? t.text : t.text2);
        paintThumbs(painter, l);
        paintStats(painter, l);
    }
    if (hasFocus() && ring_)
        paintFocusRing(painter, QRectF(QPointF(0, header), QSizeF(sizeHint().width(), layers_ * rowHeight())));
}

void HeadGrid::paintHeader(QPainter& painter) const {
    const auto& t = Theme::instance().tokens();
    const QFont small = Theme::uiFont(11), mono = Theme::monoFont(11);
    paintText(painter, QRectF(0, 4, layerColumn, 16), Qt::AlignLeft | Qt::AlignVCenter, tr("layer"), small, t.text2);
    const bool wide = cell_ >= 40;
    for (int h = 0; h < heads_; ++h)
        paintText(painter, QRectF(layerColumn + h * cell_, 4, cell_, 16), Qt::AlignCenter,
                  wide ? tr("head %1").arg(h + 1) : QString::number(h + 1), wide ? small : mono, t.text2);
    if (stacked_) return;
    const QString names[3][2] = {{tr("entropy"), tr("bit")}, {tr("distance"), tr("patch")}, {tr("kept"), tr("mass")}};
    for (int s = 0; s < 3; ++s)
        for (int line = 0; line < 2; ++line)
            paintText(painter, QRectF(statColumn(s), 4 + line * 14, statWidth, 14), Qt::AlignLeft | Qt::AlignVCenter,
                      names[s][line], small, t.text2);
}

void HeadGrid::paintThumbs(QPainter& painter, int layer) const {
    const auto& t = Theme::instance().tokens();
    for (int h = 0; h < heads_; ++h) {
        const QRect thumb = thumbRect(layer, h);
        const auto index = static_cast<std::size_t>(layer) * heads_ + h;
        if (index < maps_.size() && !maps_[index].isNull())
            painter.drawImage(thumb, maps_[index]);
        else
            painter.fillRect(thumb, t.canvas);
        const bool chosenCell = layer == layer_ && (allHeads_ || h == head_);
        if (!chosenCell && !(layer == hoverLayer_ && h == hoverHead_)) continue;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(chosenCell ? t.accent : t.controlLine, chosenCell ? 2 : 1, Qt::SolidLine, Qt::SquareCap,
                            Qt::MiterJoin));
        painter.drawRect(QRectF(thumb).adjusted(-2, -2, 2, 2));
    }
}

void HeadGrid::paintStats(QPainter& painter, int layer) const {
    const auto& t = Theme::instance().tokens();
    const QFont small = Theme::uiFont(11), mono = Theme::monoFont(11);
    const bool known = layer < static_cast<int>(stats_.size());
    const double values[3] = {known ? stats_[layer].entropyBits : NAN, known ? stats_[layer].meanDistance : NAN,
                              known ? stats_[layer].keptMass : NAN};
    const double scale[3] = {maxEntropy_, maxDistance_, 1};
    const QString names[3] = {tr("entropy"), tr("distance"), tr("kept")}, units[3] = {tr("bit"), tr("patch"), {}};
    const double top = header + layer * rowHeight();
    for (int s = 0; s < 3; ++s) {
        double x = statColumn(s), y = stacked_ ? top + cell_ + 2 : top + rowHeight() / 2.0 - 14;
        const double width =
            stacked_ ? (stackedShare[s + 1] - stackedShare[s]) * (stackedWidth_ - layerColumn - 4) - 8 : statWidth;
        const auto line = [&] { return QRectF(x, y, statColumn(s) + width - x + 8, 16); };
        if (stacked_) x += paintText(painter, line(), Qt::AlignVCenter, names[s], small, t.text2) + 6;
        x += paintText(painter, line(), Qt::AlignLeft | Qt::AlignVCenter, fixedText(values[s], 2), mono, t.text) + 4;
        if (stacked_) paintText(painter, line(), Qt::AlignVCenter, units[s], small, t.text3);
        const QRectF bar(statColumn(s), y + 20, width - 2, 4);
        painter.fillRect(bar, layer == layer_ ? t.buttonLine : t.line);
        if (std::isfinite(values[s]) && scale[s] > 0)
            painter.fillRect(
                QRectF(bar.topLeft(), QSizeF(bar.width() * std::clamp(values[s] / scale[s], 0.0, 1.0), bar.height())),
                t.series[0]);
    }
}

}  // namespace vl
