// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include <QImage>
#include <QWidget>

namespace vl {

/// Small pictures of one thing over its steps in one line, dashed boxes where they are still to come. More steps than
/// fit are thinned evenly, the first and the last stay. Click and arrow keys choose.
class FrameStrip : public QWidget {
    Q_OBJECT
public:
    struct Frame {
        int step = 0;
        int index = -1;  ///< what is reported when it is chosen; -1: still to come
    };

    explicit FrameStrip(int side = 64, QWidget* parent = nullptr);

    /// Ascending steps. `picture(index)` is asked for the shown ones only.
    void setFrames(std::vector<Frame> frames, std::function<QImage(int)> picture);
    void setCurrent(int index);  ///< of the frames' indices; no signal
    int current() const { return current_; }
    /// Places in `frames` that are drawn.
    const std::vector<int>& shown() const { return shown_; }
    QRectF boxRect(int place) const;  ///< of the n-th drawn frame
    QSize sizeHint() const override { return {400, side_ + 20}; }
    QSize minimumSizeHint() const override { return {120, side_ + 20}; }

Q_SIGNALS:
    void chosen(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void thin();
    void chooseAt(const QPointF& point);
    int currentPlace() const;

    int side_;
    std::vector<Frame> frames_;
    std::function<QImage(int)> picture_;
    std::vector<int> shown_;
    std::vector<QImage> pictures_;
    int current_ = -1;
};

}  // namespace vl
