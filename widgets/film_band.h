// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <QHash>
#include <QImage>
#include <QPixmap>
#include <QStringList>
#include <QWidget>

#include "engine/api/types.h"

namespace vl {

/// Samples of a training denoiser over its steps: a column a frame, the newest at the right, a row a class (or, of one
/// class, a row a sample). A short film shows several samples of a class side by side, a long one is thinned evenly to
/// what fits; pictures stand in whole multiples of their pixels, or shrink by a whole divisor. Hovering looks at a
/// frame, a click pins it. Arrow keys move, Space plays.
class FilmBand : public QWidget {
    Q_OBJECT
public:
    using Film = std::vector<std::shared_ptr<const FilmFrame>>;  ///< ascending steps, no null

    explicit FilmBand(QWidget* parent = nullptr);

    /// A film that begins with the present frames keeps pin and place.
    void setFilm(Film film);
    const Film& film() const { return film_; }
    void setEmptyText(const QString& text);           ///< stands where there is no film
    void setClassNames(const QStringList& names);     ///< by label; "class 12" where there is none
    QString className(int label) const;
    const std::vector<int>& labels() const { return labels_; }  ///< that the film shows, ascending
    /// One class large, -1: all.
    void setLabel(int label);
    int label() const { return label_; }

    const std::vector<int>& columns() const { return columns_; }  ///< frame of every column
    int rows() const;                                 ///< all of them, hidden ones too
    int firstRow() const { return firstRow_; }
    int shownRows() const { return shownRows_; }
    int across() const { return across_; }            ///< samples of a class side by side
    QRectF cellRect(int column, int row, int sample = 0) const;  ///< empty when the row is scrolled away
    QRectF labelRect(int row) const;
    /// The frame looked at: hovered, else at the charts' cursor, else pinned, else the newest; -1 without film.
    int current() const;
    int currentRow() const { return row_; }
    int pinned() const { return pinned_; }
    QImage picture() const;                           ///< the current row's of the current frame
    QString words() const;                            ///< "Sneaker at step 1,250"
    void pin(int frame);                              ///< -1: none
    void setCursorStep(std::optional<std::int64_t> step);
    /// Pins the next frame; false at the end.
    bool advance();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {220, 3 * 34 + 18}; }

Q_SIGNALS:
    void currentChanged();
    void pointed(int frame);      ///< by mouse, keys or playing; -1: nothing is pointed at any more
    void labelChosen(int label);  ///< -1: all
    void playToggled();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Hit {
        int frame = -1, row = -1, sample = 0, label = -1;  ///< label: the pointer is on a class name
    };
    void arrange();
    void arrangeRows();
    void arrangeColumns();
    int samplesOfAClass() const;
    void moveTo(int frame, int row);           ///< pins and scrolls
    void scrollTo(int firstRow);
    void announce();
    Hit hitAt(const QPointF& point) const;
    int labelOfRow(int row) const;
    int cellOf(const FilmFrame& frame, int row, int sample) const;  ///< -1: the frame has none
    int columnOf(int frame) const;             ///< nearest shown one
    QPixmap columnPixmap(const FilmFrame& frame) const;
    void paintColumns(QPainter& painter);
    void paintLabels(QPainter& painter) const;
    void paintCurrent(QPainter& painter) const;
    void paintSteps(QPainter& painter) const;
    double bottom() const { return shownRows_ * pitch_; }

    Film film_;
    QStringList names_;
    QString emptyText_;
    std::vector<int> labels_, columns_;
    QHash<int, QPixmap> cache_;
    int label_ = -1, row_ = 0, pinned_ = -1, hovered_ = -1, cursor_ = -1, hoveredLabel_ = -1;
    int firstRow_ = 0, shownRows_ = 0, picturePixels_ = 32, sidePixels_ = 32;
    int across_ = 1, sample_ = 0;
    double pitch_ = 34, side_ = 32, columnPitch_ = 34;  ///< logical pixels
};

}  // namespace vl
