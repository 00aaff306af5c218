// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace vl {

/// Says whether attention rollout is shown, why not when it is refused, and offers the one thing to do about it.
class RolloutCard : public QWidget {
    Q_OBJECT
public:
    explicit RolloutCard(QWidget* parent = nullptr);
    /// `sumsToOne`: rows are complete distributions, so that plain rollout is defined.
    void setState(bool on, bool sumsToOne, int layers, bool computing);
    QString message() const;
    QString action() const;

Q_SIGNALS:
    void toggled();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* message_;
    QLabel* action_;
    void showAction();
    QString actionText_;
    bool refused_ = true;
};

}  // namespace vl
