// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include <QImage>
#include <QWidget>

#include "engine/api/types.h"

namespace vl {

/// Validation pictures with what the model says about them: wrong ones first, framed in the error colour. Pictures are
/// drawn in whole multiples of their pixels. Arrow keys move, Enter opens.
class GalleryGrid : public QWidget {
    Q_OBJECT
public:
    explicit GalleryGrid(QWidget* parent = nullptr);
    void setGallery(std::shared_ptr<const Gallery> gallery);
    /// One row (a strip), or as many as fit up to `rows`.
    void setRows(int rows);
    int shownCount() const;
    int current() const { return current_; }
    QRect cellRect(int index) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {cellWidth(), sizeHint().height()}; }

Q_SIGNALS:
    void chosen(int index);
    void opened();  ///< double click or Enter: the chosen one deserves a closer look

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    int pictureSide() const;
    int cellWidth() const;
    int columns() const;
    int indexAt(const QPoint& point) const;
    void choose(int index);
    void paintCell(QPainter& painter, int index) const;

    std::shared_ptr<const Gallery> gallery_;
    std::vector<QImage> pictures_;
    int rows_ = 1, current_ = -1, hovered_ = -1;
};

/// The sentence a sample is known by: "Sneaker 0.94, is Sandal".
QString sampleText(const Gallery& gallery, const GallerySample& sample);
QString className(const Gallery& gallery, int index);

}  // namespace vl
