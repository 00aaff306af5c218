// SPDX-License-Identifier: GPL-3.0-or-later
// What the film band shows and how it is pointed at. Painting stands in film_band_paint.cpp.
#include "widgets/film_band.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <iterator>

#include "widgets/chart_axis.h"
#include "widgets/film_band_layout.h"
#include "widgets/picture_canvas.h"
#include "widgets/theme.h"

namespace vl {

FilmBand::FilmBand(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setProperty("focusFrame", true);
    setMouseTracking(true);
    setAccessibleName(tr("Film of samples over the training"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FilmBand::setFilm(Film film) {
    const bool longer = film.size() >= film_.size() && std::equal(film_.begin(), film_.end(), film.begin());
    if (longer && film.size() == film_.size()) return;
    if (!longer) {
        cache_.clear();
        pinned_ = hovered_ = cursor_ = -1;
        row_ = firstRow_ = sample_ = 0;
    }
    film_ = std::move(film);
    labels_.clear();
    for (const auto& frame : film_)
        for (const int label : frame->labels)
            if (labels_.empty() || label > labels_.back()) labels_.push_back(label);
            else if (const auto at = std::lower_bound(labels_.begin(), labels_.end(), label); *at != label)
                labels_.insert(at, label);
    if (label_ >= 0 && !std::binary_search(labels_.begin(), labels_.end(), label_)) label_ = -1;
    arrange();
    updateGeometry();
    announce();
}

void FilmBand::setEmptyText(const QString& text) {
    emptyText_ = text;
    update();
}

void FilmBand::setClassNames(const QStringList& names) {
    if (names == names_) return;
    names_ = names;
    announce();
}

QString FilmBand::className(int label) const {
    return label >= 0 && label < names_.size() ? names_[label] : tr("class %1").arg(label);
}

void FilmBand::setLabel(int label) {
    if (label == label_ || (label >= 0 && !std::binary_search(labels_.begin(), labels_.end(), label))) return;
    // The class that was large is the row people look at afterwards.
    const auto place = std::lower_bound(labels_.begin(), labels_.end(), label_) - labels_.begin();
    row_ = label < 0 ? int(place) : 0;
    label_ = label;
    hovered_ = hoveredLabel_ = -1;
    firstRow_ = sample_ = 0;
    cache_.clear();
    arrange();
    announce();
}

int FilmBand::samplesOfAClass() const {
    if (film_.empty() || labels_.empty()) return 1;
    const std::vector<int>& all = film_.back()->labels;
    return std::max(1, int(std::count(all.begin(), all.end(), label_ < 0 ? labels_.front() : label_)));
}

int FilmBand::rows() const {
    if (film_.empty()) return 0;
    return label_ < 0 ? std::max(1, int(labels_.size())) : samplesOfAClass();
}

int FilmBand::labelOfRow(int row) const {
    if (label_ >= 0) return label_;
    return row >= 0 && row < int(labels_.size()) ? labels_[std::size_t(row)] : -1;
}

int FilmBand::cellOf(const FilmFrame& frame, int row, int sample) const {
    const int label = labelOfRow(row);
    const auto first = std::lower_bound(frame.labels.begin(), frame.labels.end(), label);
    const auto index = std::size_t(first - frame.labels.begin()) + std::size_t(label_ < 0 ? sample : std::max(0, row));
    return index < frame.labels.size() && index < frame.cells.size() && frame.labels[index] == label ? int(index) : -1;
}

void FilmBand::arrange() {
    picturePixels_ = 32;
    if (!film_.empty() && !film_.front()->cells.empty()) {
        const Image& first = film_.front()->cells.front();
        picturePixels_ = std::max({1, first.width, first.height});
    }
    arrangeRows();
    arrangeColumns();
    update();
}

void FilmBand::arrangeColumns() {
    const double room = width() - kFilmLabelWidth + kFilmGap;
    const int fit = std::max(1, int(room / pitch_)), count = std::max(1, int(film_.size())), before = across_;
    // More of what each step drew, as long as a few steps more will fit without the pictures changing places.
    across_ = label_ < 0 ? std::clamp(fit / (count + count / 4 + 1), 1, samplesOfAClass()) : 1;
    sample_ = std::min(sample_, across_ - 1);
    columnPitch_ = across_ * pitch_ + (across_ > 1 ? kFilmBetween : 0);
    const double lastGap = columnPitch_ - across_ * pitch_;
    columns_ = thinnedFrames(int(film_.size()), std::max(1, int((room + lastGap) / columnPitch_)));
    if (across_ != before || cache_.size() > 4 * qsizetype(columns_.size()) + 64) cache_.clear();
}

void FilmBand::arrangeRows() {
    const double ratio = devicePixelRatioF(), high = height() - kFilmAxis, wide = width() - kFilmLabelWidth;
    const int count = std::max(1, rows()), before = sidePixels_, beforeRows = shownRows_;
    sidePixels_ = filmSide(picturePixels_, (high / count - kFilmGap) * ratio, (label_ < 0 ? 64 : 128) * ratio,
                           (wide / (label_ < 0 ? 10 : 5) - kFilmGap) * ratio, 24 * ratio);
    side_ = sidePixels_ / ratio;
    pitch_ = side_ + kFilmGap;
    shownRows_ = std::clamp(int((high + 0.5) / pitch_), 1, count);
    firstRow_ = std::clamp(firstRow_, 0, count - shownRows_);
    row_ = std::clamp(row_, 0, count - 1);
    if (sidePixels_ != before || shownRows_ != beforeRows) cache_.clear();
}

QRectF FilmBand::labelRect(int row) const {
    if (row < firstRow_ || row >= firstRow_ + shownRows_) return {};
    return {0, (row - firstRow_) * pitch_, kFilmLabelWidth - 6.0, side_};
}

QRectF FilmBand::cellRect(int column, int row, int sample) const {
    if (row < firstRow_ || row >= firstRow_ + shownRows_) return {};
    return {kFilmLabelWidth + column * columnPitch_ + sample * pitch_, (row - firstRow_) * pitch_, side_, side_};
}

int FilmBand::columnOf(int frame) const {
    const auto after = std::lower_bound(columns_.begin(), columns_.end(), frame);
    if (after == columns_.end()) return int(columns_.size()) - 1;
    if (after == columns_.begin() || *after - frame < frame - *std::prev(after)) return int(after - columns_.begin());
    return int(after - columns_.begin()) - 1;
}

int FilmBand::current() const {
    for (const int frame : {hovered_, cursor_, pinned_})
        if (frame >= 0 && frame < int(film_.size())) return frame;
    return int(film_.size()) - 1;
}

QImage FilmBand::picture() const {
    const int frame = current();
    if (frame < 0) return {};
    const int cell = cellOf(*film_[std::size_t(frame)], row_, sample_);
    return cell < 0 ? QImage() : toQImage(film_[std::size_t(frame)]->cells[std::size_t(cell)]);
}

QString FilmBand::words() const {
    const int frame = current();
    if (frame < 0) return {};
    return tr("%1 at step %2").arg(className(labelOfRow(row_)), countText(double(film_[std::size_t(frame)]->step)));
}

void FilmBand::announce() {
    setAccessibleDescription(film_.empty() ? emptyText_ : words());
    update();
    Q_EMIT currentChanged();
}

void FilmBand::pin(int frame) {
    pinned_ = frame >= 0 && frame < int(film_.size()) ? frame : -1;
    announce();
}

void FilmBand::setCursorStep(std::optional<std::int64_t> step) {
    int frame = -1;
    if (step && !film_.empty()) {
        // The last frame at or before the place; left of all of them the first.
        const auto after = std::upper_bound(film_.begin(), film_.end(), *step,
                                            [](std::int64_t at, const auto& f) { return at < f->step; });
        frame = std::max(0, int(after - film_.begin()) - 1);
    }
    if (frame == cursor_) return;
    cursor_ = frame;
    announce();
}

bool FilmBand::advance() {
    const int next = (pinned_ < 0 ? current() : pinned_) + 1;
    if (next >= int(film_.size())) return false;
    moveTo(next, row_);
    return true;
}

void FilmBand::moveTo(int frame, int row) {
    if (film_.empty()) return;
    hovered_ = cursor_ = -1;
    pinned_ = std::clamp(frame, 0, int(film_.size()) - 1);
    row_ = std::clamp(row, 0, rows() - 1);
    scrollTo(std::clamp(firstRow_, row_ - shownRows_ + 1, row_));
    announce();
    Q_EMIT pointed(pinned_);
}

void FilmBand::scrollTo(int firstRow) {
    const int wanted = std::clamp(firstRow, 0, std::max(0, rows() - shownRows_));
    if (wanted == firstRow_) return;
    firstRow_ = wanted;
    cache_.clear();
    update();
}

FilmBand::Hit FilmBand::hitAt(const QPointF& point) const {
    Hit hit;
    if (film_.empty() || point.y() < 0 || point.y() >= bottom()) return hit;
    hit.row = firstRow_ + int(point.y() / pitch_);
    if (point.x() < kFilmLabelWidth) {
        hit.label = labelOfRow(hit.row);
        return hit;
    }
    const double x = point.x() - kFilmLabelWidth;
    const int column = int(x / columnPitch_);
    if (column >= int(columns_.size())) return hit;
    hit.frame = columns_[std::size_t(column)];
    hit.sample = std::clamp(int((x - column * columnPitch_) / pitch_), 0, across_ - 1);
    return hit;
}

void FilmBand::mouseMoveEvent(QMouseEvent* event) {
    const Hit hit = hitAt(event->position());
    setCursor(hit.frame >= 0 || hit.label >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    const bool samePlace = hit.frame < 0 || (hit.row == row_ && hit.sample == sample_);
    if (hit.frame == hovered_ && hit.label == hoveredLabel_ && samePlace) return;
    const bool other = hit.frame != hovered_;
    hovered_ = hit.frame, hoveredLabel_ = hit.label;
    if (hit.frame >= 0) row_ = hit.row, sample_ = hit.sample;
    announce();
    if (other) Q_EMIT pointed(hovered_ >= 0 ? hovered_ : pinned_);
}

void FilmBand::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const Hit hit = hitAt(event->position());
    if (hit.label >= 0) return Q_EMIT labelChosen(label_ < 0 ? hit.label : -1);
    if (hit.frame < 0) return;
    row_ = hit.row, sample_ = hit.sample;
    pin(pinned_ == hit.frame ? -1 : hit.frame);
    Q_EMIT pointed(hit.frame);
}

void FilmBand::leaveEvent(QEvent*) {
    const bool was = hovered_ >= 0;
    hovered_ = hoveredLabel_ = -1;
    announce();
    if (was) Q_EMIT pointed(pinned_);
}

void FilmBand::wheelEvent(QWheelEvent* event) {
    if (rows() <= shownRows_) return event->ignore();
    scrollTo(firstRow_ - (event->angleDelta().y() > 0 ? 1 : -1));
}

void FilmBand::keyPressEvent(QKeyEvent* event) {
    const int frame = current();
    switch (event->key()) {
        case Qt::Key_Left:
            return moveTo(frame - 1, row_);
        case Qt::Key_Right:
            return moveTo(frame + 1, row_);
        case Qt::Key_Home:
            return moveTo(0, row_);
        case Qt::Key_End:
            return moveTo(int(film_.size()) - 1, row_);
        case Qt::Key_Up:
            return moveTo(frame, row_ - 1);
        case Qt::Key_Down:
            return moveTo(frame, row_ + 1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            return Q_EMIT labelChosen(label_ < 0 ? labelOfRow(row_) : -1);
        case Qt::Key_Space:
            return Q_EMIT playToggled();
        case Qt::Key_Escape:
            if (pinned_ < 0) break;
            pin(-1);
            return Q_EMIT pointed(-1);
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

}  // namespace vl
