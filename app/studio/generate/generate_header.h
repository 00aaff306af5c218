// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "engine/api/generate.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"

class QMenu;

namespace vl {

/// Title, what is shown, how far it is; controls of the chain; noisy or predicted; saving.
class GenerateHeader : public QWidget {
    Q_OBJECT
public:
    explicit GenerateHeader(QWidget* parent = nullptr);

    void setDetail(const QString& detail) { detail_->setText(detail); }
    void setProgress(const QString& text) { progress_->setText(text); }
    QString progress() const { return progress_->text(); }
    void setState(GenerationState state);
    void setClean(bool clean);
    /// Why there is nothing to save; empty: there is.
    void setSaving(const QString& whyNot);
    QToolButton& pauseButton() { return *pause_; }
    QToolButton& stepButton() { return *step_; }
    QToolButton& stopButton() { return *stop_; }
    QPushButton& saveButton() { return *save_; }

Q_SIGNALS:
    void pauseRequested();
    void stepRequested();
    void stopRequested();
    void saveRequested();
    void cleanChosen(bool clean);

private:
    ElidedLabel *detail_, *progress_;
    SegmentedControl* view_;
    QToolButton *pause_, *step_, *stop_;
    QPushButton* save_;
    bool setting_ = false;
};

}  // namespace vl
