// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QWidget>

#include "app/studio/generate/result_store.h"

namespace vl {

/// Stored grids in one line, newest first: a thumbnail, when it was made and its settings. Click opens one, the wheel
/// and the arrow keys scroll, B held shows the one under the pointer instead of the open one.
class HistoryStrip : public QWidget {
    Q_OBJECT
public:
    explicit HistoryStrip(QWidget* parent = nullptr);

    void setResults(StoredResults results);
    /// Only those whose model or settings contain every word.
    void setFilter(const QString& text);
    void setOpen(const std::filesystem::path& folder);
    const std::vector<int>& shown() const { return shown_; }  ///< places in the results, after the filter
    const StoredResult& result(int place) const {
        return (*results_)[static_cast<std::size_t>(shown_[static_cast<std::size_t>(place)])];
    }
    QRectF itemRect(int place) const;  ///< empty when it is scrolled away
    int itemAt(const QPointF& point) const;
    QSize sizeHint() const override { return {400, 56}; }
    QSize minimumSizeHint() const override { return {160, 56}; }

Q_SIGNALS:
    void opened(const std::filesystem::path& folder);
    void blinked(const std::filesystem::path& folder, bool held);
    void menuRequested(int place, const QPoint& global);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void filterAgain();
    void scrollTo(int place);
    int fits() const;

    StoredResults results_;
    QString filter_;
    std::filesystem::path open_, blinking_;
    std::vector<int> shown_;
    int first_ = 0, at_ = -1, hover_ = -1;
};

/// "Heun, 50 steps, guidance 4"; without what the grid varies.
QString settingsText(const SampleRecord& record);
/// "Today 14:02", "Yesterday 9:10", "3 Mar 14:02".
QString whenText(double wallSeconds);

}  // namespace vl
