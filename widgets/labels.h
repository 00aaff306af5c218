// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>

#include "widgets/tone.h"

namespace vl {

/// Roles of the type scale; each fixes family, size and weight.
enum class Type {
    StartTitle, BigNumber, ViewTitle, Control, ControlStrong, Section, Secondary, SecondaryStrong, Number, Caption, CaptionNumber
};

QFont typeFont(Type type);
/// A label in that role; its colour follows the theme.
QLabel* makeLabel(const QString& text, Type type, Tone tone = Tone::Text, QWidget* parent = nullptr);
void setTone(QLabel* label, Tone tone);
/// 1 px line in the `line` token.
QFrame* makeSeparator(Qt::Orientation orientation, QWidget* parent = nullptr);
/// 600 12 px heading in a row 40 high.
QLabel* makeSectionTitle(const QString& text, QWidget* parent = nullptr);

/// A label that cuts its text with "…" instead of widening the layout; the whole text is its tooltip then.
class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    ElidedLabel(const QString& text, Type type, Tone tone = Tone::Text, QWidget* parent = nullptr);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
};

}  // namespace vl
