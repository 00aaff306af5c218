// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include <QWidget>

#include "app/studio/inspect/inspect_choices.h"
#include "app/studio/inspect/pin_list.h"
#include "widgets/buttons.h"
#include "widgets/prediction_bars.h"
#include "widgets/readout_rows.h"

class QComboBox;
class QLabel;
class QSlider;
class QStackedWidget;

namespace vl {

/// The right dock of Inspect: prediction, how the overlay looks, what is under the cursor, the pins; model and picture
/// on pages of their own. It shows what the view sets and reports what the user asks for.
class InspectPanel : public QWidget {
    Q_OBJECT
public:
    explicit InspectPanel(QWidget* parent = nullptr);

    PredictionBars& prediction() { return *prediction_; }
    ReadoutRows& cursor() { return *cursor_; }
    ReadoutRows& model() { return *model_; }
    ReadoutRows& picture() { return *picture_; }
    void setPredictionCaption(const QString& text);
    void setCursorCaption(const QString& text);
    void setChoices(const InspectChoices& choices);
    void setPins(const std::array<PinList::Row, maxPins>& rows, const QString& valueName) {
        pins_->setPins(rows, valueName);
    }
    /// `reason` says why live weights cannot be followed; empty: they can.
    void setLive(bool live, const QString& reason);

Q_SIGNALS:
    void choicesChanged(const vl::InspectChoices& choices);
    void unpin(int slot);
    void liveRequested(bool live);

private:
    QWidget* makeInspectPage();
    QWidget* makeOverlay();
    QWidget* makeModelPage();
    QWidget* makePicturePage();
    void report();

    InspectChoices choices_;
    bool setting_ = false;
    PredictionBars* prediction_;
    QLabel *predictionCaption_, *cursorCaption_, *opacityText_;
    QSlider* opacity_;
    QComboBox* map_;
    SegmentedControl *scale_, *range_, *heads_, *weights_;
    ReadoutRows *cursor_, *model_, *picture_;
    PinList* pins_;
};

}  // namespace vl
