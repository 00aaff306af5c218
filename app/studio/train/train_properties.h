// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>
#include <QWidget>

#include "app/studio/shell/view.h"
#include "app/studio/train/event_list.h"
#include "app/studio/train/pending_bar.h"
#include "app/studio/train/sample_table.h"
#include "app/studio/train/settings_form.h"
#include "widgets/buttons.h"

namespace vl {

struct RunRows;

/// The right dock of Train: settings with live edits, samples, events.
class TrainProperties : public QWidget {
    Q_OBJECT
public:
    TrainProperties(StudioContext& context, SampleModel& samples, QWidget* parent = nullptr);

    enum Tab { Settings, Samples, Events };
    void showTab(Tab tab) { tabs_->setCurrent(tab); }
    /// The run the panel speaks about; `live`: edits go to the engine.
    void setRun(const RunRows& rows, bool live, bool keepEdits);
    /// Without a run there is nothing to set: one line says what will stand here.
    void setEmpty(bool empty);
    void setEvents(const std::vector<RunEvent>& events) { events_->setEvents(events); }
    SettingsForm& form() { return *form_; }
    PendingBar& pending() { return *pending_; }
    EventList& events() { return *events_; }
    TabRow& tabs() { return *tabs_; }

Q_SIGNALS:
    void sampleChosen(int sample);
    void stepChosen(qint64 step);
    void newRunRequested(const vl::RunSettings& settings);

private:
    void apply();
    StudioContext& context_;
    TabRow* tabs_;
    QStackedWidget* pages_;
    SettingsForm* form_;
    PendingBar* pending_;
    EventList* events_;
    QWidget* again_;
    QLabel* hint_;
    bool live_ = false;
};

}  // namespace vl
