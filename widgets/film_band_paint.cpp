// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of the film band, and the sizes it is laid out in.
#include <QElapsedTimer>
#include <QPainter>
#include <QResizeEvent>
#include <QTimer>
#include <algorithm>
#include <cmath>

#include "widgets/chart_axis.h"
#include "widgets/film_band.h"
#include "widgets/film_band_layout.h"
#include "widgets/paint_helpers.h"
#include "widgets/picture_canvas.h"

namespace vl {
namespace {

/// Time a paint may spend on columns that are new; the others follow with the next one.
constexpr int kBudgetMs = 3;

}  // namespace

std::vector<int> thinnedFrames(int count, int places) {
    std::vector<int> frames;
    if (count <= 0 || places <= 0) return frames;
    if (places == 1) return {count - 1};
    const int shown = std::min(count, places);
    for (int i = 0; i < shown; ++i)
        frames.push_back(count <= places ? i : int(std::llround(double(i) * (count - 1) / (shown - 1))));
    return frames;
}

int filmSide(int pixels, double high, double largest, double wide, double smallest) {
    const int n = std::max(1, pixels);
    const int times = int(std::min(high, largest) / n);
    if (times >= 1) return n * std::clamp(int(wide / n), 1, times);
    const double fits = std::max(smallest, std::min({high, largest, wide}));
    const int divisor = std::max(1, int(std::ceil(n / std::max(1.0, fits))));
    if (n / divisor >= smallest) return n / divisor;
    return n / std::max(1, int(n / std::max(1.0, smallest)));
}

QSize FilmBand::sizeHint() const {
    const int count = labels_.empty() ? 6 : std::clamp(int(labels_.size()), 3, 10);
    return {560, count * (32 + kFilmGap) + kFilmAxis};
}

void FilmBand::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

bool FilmBand::event(QEvent* event) {
    // Another screen: whole device pixels are other sizes there.
    if (event->type() == QEvent::ScreenChangeInternal) {
        cache_.clear();
        arrange();
    }
    return QWidget::event(event);
}

QPixmap FilmBand::columnPixmap(const FilmFrame& frame) const {
    const double ratio = devicePixelRatioF();
    const int step = int(std::lround(pitch_ * ratio));
    QPixmap column(step * across_, step * shownRows_);
    column.fill(Qt::transparent);
    QPainter painter(&column);
    for (int i = 0; i < shownRows_ * across_; ++i) {
        const int row = i / across_, sample = i % across_;
        const QRect place(sample * step, row * step, sidePixels_, sidePixels_);
        painter.fillRect(place, darkTokens().canvas);
        const int cell = cellOf(frame, firstRow_ + row, sample);
        if (cell < 0) continue;
        QImage picture = toQImage(frame.cells[std::size_t(cell)]);
        const int most = std::max({1, picture.width(), picture.height()});
        const bool shrinks = most > sidePixels_;
        picture = picture.scaled(shrinks ? place.size() : picture.size() * (sidePixels_ / most), Qt::KeepAspectRatio,
                                 shrinks ? Qt::SmoothTransformation : Qt::FastTransformation);
        painter.drawImage(place.center() - picture.rect().center(), picture);
    }
    painter.end();
    column.setDevicePixelRatio(ratio);
    return column;
}

void FilmBand::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (film_.empty()) {
        paintText(painter, QRectF(rect()).adjusted(2, 2, -2, 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                  emptyText_, Theme::uiFont(12), Theme::instance().tokens().text3);
        return;
    }
    paintColumns(painter);
    paintLabels(painter);
    paintCurrent(painter);
    paintSteps(painter);
}

void FilmBand::paintColumns(QPainter& painter) {
    QElapsedTimer clock;
    clock.start();
    for (std::size_t i = columns_.size(); i-- > 0;) {  // the newest first
        const int frame = columns_[i];
        auto found = cache_.find(frame);
        if (found == cache_.end()) {
            if (clock.elapsed() >= kBudgetMs) {
                QTimer::singleShot(0, this, qOverload<>(&QWidget::update));
                break;
            }
            found = cache_.insert(frame, columnPixmap(*film_[std::size_t(frame)]));
        }
        painter.drawPixmap(cellRect(int(i), firstRow_).topLeft(), *found);
    }
}

void FilmBand::paintLabels(QPainter& painter) const {
    const Tokens& t = Theme::instance().tokens();
    const QFont font = Theme::uiFont(11);
    const QFontMetricsF metrics(font);
    for (int row = firstRow_; row < firstRow_ + shownRows_; ++row) {
        if (label_ >= 0 && row > firstRow_) break;  // one class: its name once
        const int label = labelOfRow(row);
        const QColor colour = label == hoveredLabel_ ? t.accent : row == row_ ? t.text : t.text2;
        const QRectF place = labelRect(row);
        paintText(painter, place, Qt::AlignLeft | Qt::AlignVCenter,
                  metrics.elidedText(className(label), Qt::ElideRight, place.width()), font, colour);
    }
    if (rows() > shownRows_)
        paintText(painter, QRectF(0, bottom(), kFilmLabelWidth, kFilmAxis), Qt::AlignLeft | Qt::AlignVCenter,
                  tr("%1 to %2 of %3").arg(firstRow_ + 1).arg(firstRow_ + shownRows_).arg(rows()), font, t.text3);
}

void FilmBand::paintCurrent(QPainter& painter) const {
    const Tokens& t = Theme::instance().tokens();
    const auto frameColumn = [&](int frame, const QColor& colour, int thick) {
        const QRectF first = cellRect(columnOf(frame), firstRow_);
        const QRectF whole(first.left(), first.top(), across_ * pitch_ - kFilmGap, bottom() - kFilmGap);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colour, thick, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        const double out = thick / 2.0;
        painter.drawRect(whole.adjusted(-out, thick == 2 ? 1 : 0.5, out, out));
    };
    if (pinned_ >= 0) frameColumn(pinned_, t.accent, 2);
    const bool looking = hovered_ >= 0 || cursor_ >= 0;
    if (looking && current() != pinned_) frameColumn(current(), t.text, 1);
    if (looking || pinned_ >= 0) {
        const QRectF cell = cellRect(columnOf(current()), row_, sample_);
        if (!cell.isEmpty()) paintMark(painter, cell.adjusted(1, 1, -1, -1), Qt::white);
    }
}

void FilmBand::paintSteps(QPainter& painter) const {
    const Tokens& t = Theme::instance().tokens();
    const QFont font = Theme::monoFont(11);
    const QFontMetricsF metrics(font);
    std::vector<QRectF> taken;
    const auto place = [&](int column, bool flag) {
        const QRectF cell = cellRect(column, firstRow_).united(cellRect(column, firstRow_, across_ - 1));
        const int frame = flag ? current() : columns_[std::size_t(column)];
        const QString words = countText(double(film_[std::size_t(frame)]->step));
        const double wide = metrics.horizontalAdvance(words) + (flag ? 12 : 2);
        const double end = cellRect(int(columns_.size()) - 1, firstRow_, across_ - 1).right();
        const double last = std::max(end, kFilmLabelWidth + wide);
        const double left = std::clamp(cell.center().x() - wide / 2, double(kFilmLabelWidth), last - wide);
        const QRectF box(left, bottom() + 1, wide, 16);
        for (const QRectF& other : taken)
            if (box.adjusted(-5, 0, 5, 0).intersects(other)) return;
        taken.push_back(box);
        if (flag) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(t.text);
            painter.drawRoundedRect(box, 3, 3);
        }
        paintText(painter, box, Qt::AlignCenter, words, font, flag ? t.window : t.text2);
    };
    if (hovered_ >= 0 || cursor_ >= 0 || pinned_ >= 0) place(columnOf(current()), true);
    const int count = int(columns_.size());
    place(count - 1, false);
    place(0, false);
    for (int i = 1; i + 1 < count; ++i)
        place(i, false);
}

}  // namespace vl
