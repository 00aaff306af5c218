// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/studio/schedules/node_table.h"
#include "app/studio/schedules/schedule_draft.h"
#include "widgets/buttons.h"
#include "widgets/marks.h"
#include "widgets/number_field.h"
#include "widgets/prediction_bars.h"
#include "widgets/readout_rows.h"

class QLabel;
class QPushButton;

namespace vl {

/// The right dock of Schedules: exact nodes, preset values, the numbers at the preview, and what becomes of the draft.
class SchedulePanel : public QWidget {
    Q_OBJECT
public:
    explicit SchedulePanel(ScheduleDraft& draft, QWidget* parent = nullptr);

    NodeTable& table() { return *table_; }
    ReadoutRows& preview() { return *preview_; }
    PredictionBars& prediction() { return *prediction_; }
    QPushButton& use() { return *use_; }
    QPushButton& discard() { return *discard_; }
    NumberField& startField() { return *start_; }
    NumberField& cutoffField() { return *cutoff_; }
    NumberField& lengthField() { return *length_; }
    /// Fields, table and buttons from the draft; `running`: edits apply now.
    void refresh(bool running);
    void setSelected(int node) {
        table_->setSelected(node);
        refreshButtons();
    }
    /// `name`: the picture looked at; empty: none, and a sample is offered.
    void setPicture(const QString& name, bool waiting);
    /// Why there is no prediction, a sentence or two; empty: nothing went wrong.
    void setProblem(const QString& problem);

Q_SIGNALS:
    void useRequested();
    void nodeSelected(int index);
    void addRequested();
    void sampleRequested();

private:
    QWidget* makeSchedulePage();
    QWidget* makeSettingsPage();
    QWidget* makeFooter();
    void refreshButtons();

    ScheduleDraft& draft_;
    bool filling_ = false;
    int gesture_ = 2'000'000;
    NodeTable* table_;
    QPushButton *add_, *remove_, *use_, *discard_, *sample_;
    NumberField *start_, *cutoff_, *length_;
    QWidget* cutoffRow_;
    ReadoutRows *preview_, *settings_;
    PredictionBars* prediction_;
    QLabel *pictureName_, *problem_, *state_;
    Badge *now_, *next_;
};

}  // namespace vl
