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
    /// Why nothing can be saved, and why nothing of the picture on show; empty where it can.
    void setExport(const QString& whyNot, const QString& whyNotThis);
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
    QList<QAction*> savesThis_;  ///< what the menu saves of the picture on show
    bool setting_ = false;
};

}  // namespace vl
