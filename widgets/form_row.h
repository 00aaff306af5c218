// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QWidget>

#include "widgets/marks.h"

namespace vl {

/// Label 96, field, badge column 80, in a row 36 high; a problem adds a sentence below the field.
class FormRow : public QWidget {
    Q_OBJECT
public:
    FormRow(const QString& label, QWidget* field, Badge* badge = nullptr, QWidget* parent = nullptr);

    QWidget* field() const { return field_; }
    Badge* badge() const { return badge_; }
    void setHelp(const QString& help);        ///< tooltip of label and field
    void setProblem(const QString& problem);  ///< empty: none
    QString problem() const;
    void setBadgeVisible(bool visible);

private:
    QLabel* label_;
    QWidget* field_;
    Badge* badge_;
    QWidget* problemRow_;
    QLabel* problemIcon_;
    QLabel* problemText_;
};

}  // namespace vl
