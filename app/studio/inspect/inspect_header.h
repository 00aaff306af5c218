// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "widgets/buttons.h"
#include "widgets/labels.h"

namespace vl {

/// Picture, answer and source on the left; which map is shown on the right.
class InspectHeader : public QWidget {
    Q_OBJECT
public:
    explicit InspectHeader(QWidget* parent = nullptr);
    void setTexts(const QString& title, const QString& detail, Tone tone = Tone::Text2);
    QString title() const { return title_->text(); }
    QString detail() const { return detail_->text(); }
    void setMasked(bool masked, const QString& whyNot);  ///< `whyNot`: the mask cannot be shown; empty: it can
    void setColumns(bool columns);

Q_SIGNALS:
    void maskedChosen(bool masked);
    void columnsChosen(bool columns);

private:
    ElidedLabel *title_, *detail_;
    SegmentedControl *mask_, *direction_;
    bool setting_ = false;
};

}  // namespace vl
