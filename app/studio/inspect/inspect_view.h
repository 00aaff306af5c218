// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>

#include <QPointer>

#include "app/studio/inspect/analysis_job.h"
#include "app/studio/inspect/inspect_body.h"
#include "app/studio/inspect/inspect_choices.h"
#include "app/studio/inspect/inspect_header.h"
#include "app/studio/inspect/inspect_panel.h"
#include "app/studio/shell/view.h"

class QPushButton;
class QStackedWidget;

namespace vl {

class EmptyView;
struct Notice;

/// One picture through one model: prediction, attention of the hovered patch over the picture, all layers and heads.
class InspectView : public View {
    Q_OBJECT
public:
    explicit InspectView(StudioContext& context, QWidget* parent = nullptr);
    ~InspectView() override;

    QString id() const override { return QStringLiteral("inspect"); }
    QString title() const override { return tr("Inspect"); }
    QWidget* properties() override { return panel_; }
    void setActive(bool active) override;
    void registerActions() override;
    void prepareForScreenshot() override;

    InspectBody& body() { return *body_; }
    InspectPanel& panel() { return *panel_; }
    InspectHeader& header() { return *header_; }
    AnalysisJob& job() { return job_; }
    const InspectChoices& choices() const { return choices_; }
    std::shared_ptr<const Inspection> shown() const { return shown_; }
    std::uint64_t requested() const { return requested_; }
    int query() const { return query_; }
    const std::array<int, maxPins>& pins() const { return pins_; }
    bool showsPicture() const;

    void setQuery(int token);
    void togglePin(int token);
    void unpinAll();
    void setChoices(const InspectChoices& choices);
    /// Puts the next validation or bundled sample picture into the selection.
    void takeSample();

private:
    // -- asking and answers (inspect_view.cpp)
    void connectParts();
    void request();
    void onInspection();
    void accept(std::shared_ptr<const Inspection> inspection);
    void onNotice(const Notice& notice);
    void showMessage(const QString& title, const QString& text, bool failed);
    void followRun(bool live);
    void exportPicture();

    // -- drawing (inspect_view_refresh.cpp)
    AttentionDirection direction() const;
    bool masked() const;
    bool rolloutReady() const;
    bool fits(const Analysis& analysis) const;
    int layer() const;
    int head() const;
    QString tokenName(int token) const;
    std::vector<float> valuesOf(int token, AttentionDirection direction, bool masked) const;
    RowStats statsOf(int token) const;
    double patchMax(const std::vector<float>& values) const;
    void refresh();
    void refreshMaps();
    void refreshGrid();
    void refreshBars();
    void refreshReadouts();
    void refreshStats();
    void refreshHeader();
    void refreshCard();
    void startAnalysis();

    QStackedWidget* pages_;
    EmptyView *empty_, *message_;
    QPushButton* openCheckpoint_;
    QWidget* main_;
    InspectHeader* header_;
    InspectBody* body_;
    QPointer<InspectPanel> panel_;
    AnalysisJob job_;

    InspectChoices choices_;
    std::shared_ptr<const Inspection> shown_;
    std::uint64_t requested_ = 0, serial_ = 0;
    bool stale_ = true, shift_ = false, screenshot_ = false;
    int query_ = -1, nextSample_ = 0;
    std::array<int, maxPins> pins_{-1, -1, -1, -1};
    double sharedMax_ = 0;
    std::filesystem::path storedCheckpoint_;
};

View* makeInspectView(StudioContext& context);

}  // namespace vl
