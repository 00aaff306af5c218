// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QButtonGroup>
#include <QPushButton>
#include <QToolButton>
#include <QWidget>

#include "widgets/icons.h"

namespace vl {

enum class ButtonKind { Normal, Primary, Quiet };

/// A push button of the studio, 28 high; `iconName` may be empty.
QPushButton* makeButton(const QString& text, const QString& iconName = {}, ButtonKind kind = ButtonKind::Normal,
                        QWidget* parent = nullptr);
/// A 28 x 28 button with only an icon; `tip` says name and key and is its accessible name.
QToolButton* makeIconButton(const QString& iconName, const QString& tip, QWidget* parent = nullptr);
/// A tool button of the tool bar or a tab: text (and icon) with the look of `makeButton`.
QToolButton* makeToolButton(QAction* action, ButtonKind kind = ButtonKind::Normal, QWidget* parent = nullptr);
void setButtonKind(QAbstractButton* button, ButtonKind kind);

/// A row of exclusive choices with one shared border. Left and right arrows move the choice.
class SegmentedControl : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedControl(const QStringList& texts, QWidget* parent = nullptr);

    int current() const;
    void setCurrent(int index);  ///< emits currentChanged only when it changes
    void setTexts(const QStringList& texts);
    /// Greys one choice out and says why.
    void setChoiceEnabled(int index, bool enabled, const QString& reason = {});
    QToolButton* button(int index) const;

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QButtonGroup group_;
    int shown_ = 0;
};

/// Tabs drawn as words with a 2 px accent line below the chosen one; a row 40 or 48 high.
class TabRow : public QWidget {
    Q_OBJECT
public:
    explicit TabRow(const QStringList& texts, int height = 40, QWidget* parent = nullptr);
    int current() const { return group_.checkedId(); }
    void setCurrent(int index);
    /// A tab without content is left out; the chosen one gives way to the first.
    void setTabShown(int index, bool shown);

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QButtonGroup group_;
};

}  // namespace vl
