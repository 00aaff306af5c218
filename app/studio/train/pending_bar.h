// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QLabel>
#include <QPushButton>
#include <QWidget>

#include "app/studio/train/settings_form.h"

namespace vl {

/// "1 edit waiting", what it changes and when, Apply and Revert. After Apply it says "asked" until the engine confirms.
class PendingBar : public QWidget {
    Q_OBJECT
public:
    explicit PendingBar(QWidget* parent = nullptr);
    void setEdits(const std::vector<SettingsForm::Edit>& edits, bool valid);
    void setAsked(bool asked);
    bool asked() const { return asked_; }
    QString text() const;

Q_SIGNALS:
    void applied();
    void reverted();

private:
    void restate();
    std::vector<SettingsForm::Edit> edits_;
    bool asked_ = false, valid_ = true;
    QLabel *icon_, *title_, *lines_;
    QPushButton *apply_, *revert_;
};

}  // namespace vl
