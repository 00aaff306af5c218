// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include <QPointer>

#include "app/studio/inspect/analysis_job.h"
#include "app/studio/schedules/schedule_draft.h"
#include "app/studio/schedules/schedule_header.h"
#include "app/studio/schedules/schedule_panel.h"
#include "app/studio/shell/view.h"
#include "engine/api/settings.h"
#include "widgets/curve_editor.h"
#include "widgets/kept_mass_bars.h"
#include "widgets/line_plot.h"
#include "widgets/mask_preview.h"

namespace vl {

struct Notice;

/// The soft-mask schedule: curve with draggable nodes over the learning rate, and what the mask at the preview marker
/// does: the mask itself, the mass each query keeps on the model's real attention, and the prediction there.
class SchedulesView : public View {
    Q_OBJECT
public:
    explicit SchedulesView(StudioContext& context, QWidget* parent = nullptr);
    ~SchedulesView() override;

    QString id() const override { return QStringLiteral("schedules"); }
    QString title() const override { return tr("Schedules"); }
    QWidget* properties() override { return panel_; }
    void setActive(bool active) override;
    void registerActions() override;
    void prepareForScreenshot() override;

    /// The schedule as it is being edited.
    const SoftMaskSettings& draft() const { return draft_.settings(); }
    /// What the next run would start with: its length and learning rate shape the preview, its schedule is the draft's
    /// starting point while no run is active.
    void setRunDefaults(const RunSettings& settings, std::int64_t stepsPerEpoch = 0);

    ScheduleDraft& model() { return draft_; }
    CurveEditor& editor() { return *editor_; }
    SchedulePanel& panel() { return *panel_; }
    ScheduleHeader& header() { return *header_; }
    AnalysisJob& job() { return job_; }
    MaskPreview& mask() { return *mask_; }
    double marker() const { return marker_; }
    void setMarker(double epoch);
    void use();
    /// Writes the curve by the file's ending: .csv (every step), .svg or .png. False when it cannot be written.
    bool exportCurve(const QString& file);

Q_SIGNALS:
    /// "Use for next run" while no run is active.
    void draftUsed(const vl::SoftMaskSettings& settings);

private:
    void connectParts();
    void refresh();
    void refreshMarker();
    void refreshKept();
    void refreshPrediction();
    void onStatus();
    void confirmFromEngine();
    void onNotice(const Notice& notice);
    void showTraining();
    void startAnalysis(std::shared_ptr<const Inspection> inspection);
    void onInspection();
    void onRunSelected();
    void askPrediction();
    void placeBottom();
    bool running() const;
    bool ownAnswer() const;
    int tokens() const;
    bool writeCsv(const QString& file) const;
    void resizeEvent(QResizeEvent* event) override;

    ScheduleDraft draft_;
    ScheduleHeader* header_;
    CurveEditor* editor_;
    LinePlot *rate_, *kept_;
    QWidget* bottom_;
    MaskPreview* mask_;
    KeptMassBars* bars_;
    QPointer<SchedulePanel> panel_;
    AnalysisJob job_;

    RunSettings defaults_;
    std::int64_t defaultSteps_ = 0;
    double marker_ = 1;
    bool wasRunning_ = false;
    std::uint64_t serial_ = 0, requested_ = 0, answered_ = 0;
    double requestedAlpha_ = -1;
    bool askAgain_ = true, sent_ = false;
    int nextSample_ = 0;
    std::shared_ptr<const Inspection> shown_;
};

}  // namespace vl
