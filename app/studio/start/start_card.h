// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include <QWidget>

class QAction;
class QLabel;
class QPushButton;

namespace vl {

class KeyCap;

/// One way to begin: a picture of what follows, a title, two lines, one button with its key.
class StartCard : public QWidget {
    Q_OBJECT
public:
    /// Draws into a picture of the given size, in logical pixels; called again when the theme changes.
    using Painter = std::function<void(QPainter&, const QRect&)>;

    StartCard(const QString& title, const QString& text, const QString& buttonText, const QString& icon, bool primary,
              QWidget* parent = nullptr);

    void setPicture(Painter painter);
    /// The button triggers the action; its key stands beside it, its reason when it is off.
    void setAction(QAction* action);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    QRect pictureRect() const;

    bool primary_;
    Painter picture_;
    QLabel *title_, *text_;
    QPushButton* button_;
    KeyCap* key_ = nullptr;
    QWidget* footer_;
};

}  // namespace vl
