// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/studio/detect/shown_objects.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"

namespace vl {

/// Name of the picture, the model, how far the search is; found, true or both; cancelling and saving.
class DetectHeader : public QWidget {
    Q_OBJECT
public:
    explicit DetectHeader(QWidget* parent = nullptr);

    void setPicture(const QString& name, const QString& detail);
    void setProgress(const QString& text, bool busy);
    QString progress() const { return progress_->text(); }
    void setTruth(bool there);  ///< without truth there is only one side
    void setSide(ShownSide side);
    void setExport(const QString& whyNot);
    SegmentedControl& sides() { return *sides_; }
    QToolButton& cancelButton() { return *cancel_; }
    QPushButton& exportButton() { return *export_; }

Q_SIGNALS:
    void sideChosen(vl::ShownSide side);
    void cancelRequested();
    void exportRequested(vl::DenseExport::Form form, bool all);

private:
    ElidedLabel *name_, *detail_, *progress_;
    SegmentedControl* sides_;
    QToolButton* cancel_;
    QPushButton* export_;
    bool setting_ = false;
};

}  // namespace vl
