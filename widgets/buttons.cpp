// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/buttons.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

namespace vl {
namespace {

/// 16 px of icon and 4 more to the text, on top of the style's own 4: the gap of 8 the design asks for.
constexpr QSize kIconBesideText{20, 16};

void restyle(QWidget* widget) {
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

}  // namespace

void setButtonKind(QAbstractButton* button, ButtonKind kind) {
    static constexpr const char* names[] = {"normal", "primary", "quiet"};
    button->setProperty("kind", QString::fromLatin1(names[int(kind)]));
    restyle(button);
}

QPushButton* makeButton(const QString& text, const QString& iconName, ButtonKind kind, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setFont(Theme::uiFont(13, QFont::Medium));
    if (!iconName.isEmpty())
        button->setIcon(icon(iconName, kind == ButtonKind::Primary ? Tone::OnAccent : Tone::Text));
    button->setIconSize(text.isEmpty() ? QSize(16, 16) : kIconBesideText);
    button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setButtonKind(button, kind);
    return button;
}

QToolButton* makeIconButton(const QString& iconName, const QString& tip, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setIconSize({16, 16});
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setProperty("iconOnly", true);
    setButtonKind(button, ButtonKind::Quiet);
    button->setFixedSize(28, 28);
    return button;
}

QToolButton* makeToolButton(QAction* action, ButtonKind kind, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(action->icon().isNull() ? Qt::ToolButtonTextOnly : Qt::ToolButtonTextBesideIcon);
    button->setFont(Theme::uiFont(13, QFont::Medium));
    button->setIconSize(kIconBesideText);
    button->setFocusPolicy(Qt::StrongFocus);
    setButtonKind(button, kind);
    return button;
}

SegmentedControl::SegmentedControl(const QStringList& texts, QWidget* parent) : QWidget(parent), group_(this) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    group_.setExclusive(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setTexts(texts);
    connect(&group_, &QButtonGroup::idToggled, this, [this](int id, bool checked) {
        if (!checked || id == shown_) return;
        shown_ = id;
        Q_EMIT currentChanged(id);
    });
}

void SegmentedControl::setTexts(const QStringList& texts) {
    const QSignalBlocker quiet(&group_);
    for (QAbstractButton* old : group_.buttons()) {
        group_.removeButton(old);
        delete old;
    }
    const int last = int(texts.size()) - 1;
    for (int i = 0; i <= last; ++i) {
        auto* button = new QToolButton(this);
        button->setText(texts[i]);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setFixedHeight(28);
        button->setProperty("kind", "segment");
        button->setProperty("place", last == 0 ? "only" : i == 0 ? "first" : i == last ? "last" : "middle");
        group_.addButton(button, i);
        layout()->addWidget(button);
    }
    shown_ = 0;
    if (QAbstractButton* first = group_.button(0)) first->setChecked(true);
}

int SegmentedControl::current() const { return group_.checkedId(); }

void SegmentedControl::setCurrent(int index) {
    if (QAbstractButton* chosen = group_.button(index)) chosen->setChecked(true);
}

void SegmentedControl::setChoiceEnabled(int index, bool enabled, const QString& reason) {
    if (QAbstractButton* choice = group_.button(index)) {
        choice->setEnabled(enabled);
        choice->setToolTip(enabled ? QString() : reason);
    }
}

QToolButton* SegmentedControl::button(int index) const { return qobject_cast<QToolButton*>(group_.button(index)); }

void SegmentedControl::keyPressEvent(QKeyEvent* event) {
    const int move = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (!move) return QWidget::keyPressEvent(event);
    for (int next = current() + move; group_.button(next); next += move)
        if (group_.button(next)->isEnabled()) {
            setCurrent(next);
            group_.button(next)->setFocus(Qt::TabFocusReason);
            return;
        }
}

TabRow::TabRow(const QStringList& texts, int height, QWidget* parent) : QWidget(parent), group_(this) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 0, 16, 0);
    layout->setSpacing(20);
    setFixedHeight(height);
    for (int i = 0; i < texts.size(); ++i) {
        auto* button = new QToolButton(this);
        button->setText(texts[i]);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setProperty("kind", "tab");
        button->setFixedHeight(height);
        group_.addButton(button, i);
        layout->addWidget(button);
    }
    layout->addStretch();
    if (QAbstractButton* first = group_.button(0)) first->setChecked(true);
    connect(&group_, &QButtonGroup::idToggled, this, [this](int id, bool checked) {
        if (checked) Q_EMIT currentChanged(id);
    });
}

void TabRow::setCurrent(int index) {
    if (QAbstractButton* chosen = group_.button(index)) chosen->setChecked(true);
}

void TabRow::setTabShown(int index, bool shown) {
    if (QAbstractButton* tab = group_.button(index)) tab->setVisible(shown);
    if (!shown && current() == index) setCurrent(0);
}

void TabRow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(0, height() - 1, width(), 1, Theme::instance().tokens().line);
}

}  // namespace vl
