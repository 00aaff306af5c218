// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QWidget>

namespace vl {

/// What a view shows when it has nothing: icon 32, one line, at most two buttons, a dashed line if it takes drops.
class EmptyView : public QWidget {
    Q_OBJECT
public:
    EmptyView(const QString& iconName, const QString& title, const QString& text, QWidget* parent = nullptr);
    /// The first button added stands in front; at most two.
    QPushButton* addButton(const QString& text, const QString& iconName = {});
    void setTakesDrops(bool takes);
    void setDropActive(bool active);  ///< accent line while a drag is over it
    void setText(const QString& title, const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString iconName_;
    QWidget* card_;
    QLabel* icon_;
    QLabel* title_;
    QLabel* text_;
    QWidget* buttons_;
    bool takesDrops_ = false, dropActive_ = false;
};

}  // namespace vl
