// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QImage>
#include <QThreadPool>
#include <QWidget>

namespace vl {

/// Samples in rows and columns with a name beside each row and above each column. Pictures stand in whole multiples of
/// their pixels as long as they fit; larger ones are made smaller on a thread, so that no repaint waits for it.
/// Click and arrow keys select; it reports what the hand and the other keys ask for.
class SampleGrid : public QWidget {
    Q_OBJECT
public:
    struct Row {
        QString value, unit;  ///< "48", "steps"; the unit may be empty
        double share = 0;     ///< 0..1 of its steps
        bool shown = false;   ///< the progress is worth a bar
        bool operator==(const Row&) const = default;
    };
    struct Column {
        QString name, note;  ///< "Boot", "seed 7061"; the note goes first where room is short
        bool operator==(const Column&) const = default;
    };

    explicit SampleGrid(QWidget* parent = nullptr);
    ~SampleGrid() override;

    void setCells(std::vector<Row> rows, std::vector<Column> columns);
    void setRowShare(int row, double share, bool shown);
    const std::vector<Row>& rows() const { return rows_; }
    const std::vector<Column>& columns() const { return columns_; }
    int count() const { return static_cast<int>(rows_.size() * columns_.size()); }
    /// Row-major, a null one is an empty box. All have the same size.
    void setPictures(std::vector<QImage> pictures);
    const QImage& picture(int cell) const;

    int selected() const { return selected_; }
    void setSelected(int cell);  ///< -1: none; no signal
    QRectF cellRect(int cell) const;
    int cellAt(const QPointF& point) const;  ///< -1: none
    double cellSide() const { return side_; }
    /// Blocks until pictures under way are made smaller; for tests.
    void waitForPictures();

    static constexpr int labelWidth = 78, headHeight = 20, kGap = 8;
    QSize sizeHint() const override { return {640, 480}; }
    QSize minimumSizeHint() const override { return {280, 120}; }

Q_SIGNALS:
    void selectedChanged(int cell);
    void frameStepped(int by);
    void playToggled();
    void viewToggled();            ///< X: noisy or predicted
    void blinkChanged(bool held);  ///< B held
    void pressed(int cell);
    void dragStarted(int cell);
    void menuRequested(int cell, const QPoint& global);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    void arrange();
    void makeSmaller();
    void choose(int cell);
    void describe();
    void paintHead(QPainter& painter) const;
    void paintRowLabel(QPainter& painter, int row) const;

    std::vector<Row> rows_;
    std::vector<Column> columns_;
    std::vector<QImage> pictures_, small_;  ///< small_: empty while pictures fit as they are
    QThreadPool pool_;
    std::uint64_t newest_ = 0;
    double side_ = 0, height_ = 0;  ///< of a cell, logical pixels
    int gap_ = kGap;                ///< between cells
    int selected_ = -1;
    QPointF pressedAt_;
    int pressedCell_ = -1;
    bool ring_ = false;  ///< focus came by keyboard
};

}  // namespace vl
