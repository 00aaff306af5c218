// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QImage>
#include <QWidget>

namespace vl {

/// The pictures of a folder or the frames of a video in one line, with a figure each. Only what is in view is drawn;
/// the wheel and the arrows move along.
class PictureStrip : public QWidget {
    Q_OBJECT
public:
    struct Item {
        QString name, figure;
        QImage thumb;
        bool failed = false;
    };

    explicit PictureStrip(QWidget* parent = nullptr);
    void setItems(std::vector<Item> items);
    void setItem(int index, const QString& figure, bool failed);
    void setThumb(int index, const QImage& thumb);
    void addItem(Item item);
    /// Indices in the order they stand; empty: as they came.
    void setOrder(std::vector<int> order);
    int count() const { return static_cast<int>(items_.size()); }
    const Item& item(int index) const { return items_[static_cast<std::size_t>(index)]; }
    int current() const { return current_; }
    void setCurrent(int index);  ///< no signal; scrolls there
    /// The one beside `index` in the order shown; itself at the ends.
    int neighbour(int index, int by) const;
    QRectF itemRect(int index) const;
    QSize sizeHint() const override { return {400, kHeight}; }
    QSize minimumSizeHint() const override { return {120, kHeight}; }

    static constexpr int kWidth = 96, kPicture = 62, kGap = 16, kHeight = kPicture + 26;

Q_SIGNALS:
    void chosen(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    int placeOf(int index) const;
    int at(const QPointF& point) const;
    void scrollTo(double left);
    void choose(int index);

    std::vector<Item> items_;
    std::vector<int> order_;
    int current_ = -1;
    double left_ = 0;
    bool ring_ = false;
};

}  // namespace vl
