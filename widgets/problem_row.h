// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QWidget>

#include "widgets/tone.h"

namespace vl {

/// What happened, where, what to do, with one action; never modal. 4 px colour edge on its tint.
class ProblemRow : public QWidget {
    Q_OBJECT
public:
    /// `tone`: Error, Warning or Accent (information).
    explicit ProblemRow(Tone tone = Tone::Error, QWidget* parent = nullptr);
    void setProblem(Tone tone, const QString& word, const QString& message, const QString& advice);
    void setAction(const QString& text);  ///< empty: no button
    void setDismissable(bool dismissable);
    QString message() const { return message_->text(); }
    QString advice() const { return advice_->text(); }

Q_SIGNALS:
    void actionTriggered();
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone tone_;
    QLabel* icon_;
    QLabel* word_;
    QLabel* message_;
    QLabel* advice_;
    QPushButton* action_;
    QToolButton* close_;
    void retint();
};

}  // namespace vl
