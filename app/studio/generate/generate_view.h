// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QPointer>
#include <QTemporaryDir>
#include <QTimer>

#include "app/studio/generate/denoiser_list.h"
#include "app/studio/generate/generate_header.h"
#include "app/studio/generate/generate_panel.h"
#include "app/studio/generate/generation_feed.h"
#include "app/studio/generate/history_strip.h"
#include "app/studio/generate/result_store.h"
#include "app/studio/generate/shown_grid.h"
#include "app/studio/shell/view.h"
#include "widgets/frame_strip.h"
#include "widgets/sample_grid.h"

class QLineEdit;
class QSlider;
class QStackedWidget;
class QToolButton;

namespace vl {

class EmptyView;

/// Samples of a denoiser as a grid: made live, looked at step by step, kept, compared, asked for again.
class GenerateView : public View {
    Q_OBJECT
public:
    explicit GenerateView(StudioContext& context, QWidget* parent = nullptr);
    ~GenerateView() override;

    QString id() const override { return QStringLiteral("generate"); }
    QString title() const override { return tr("Generate"); }
    QWidget* properties() override { return panel_; }
    void setActive(bool active) override;
    void registerActions() override;
    void prepareForScreenshot() override;

    void generate();
    void openResult(const std::filesystem::path& folder);
    /// Settings of a PNG of ours; any other one gives one problem row.
    void restoreFrom(const std::filesystem::path& png);
    void openModel(const std::filesystem::path& file);
    void exportTo(const std::filesystem::path& file, int cell = -1);
    void setFrame(int frame);  ///< looks at a stored frame; the newest one goes on following
    int frame() const { return frame_; }
    void setClean(bool clean);
    bool clean() const { return clean_; }
    void togglePlay();
    bool playing() const { return player_.isActive(); }

    SampleGrid& grid() { return *grid_; }
    FrameStrip& strip() { return *strip_; }
    HistoryStrip& history() { return *history_; }
    QLineEdit& filter() { return *filter_; }
    GenerateHeader& header() { return *header_; }
    GeneratePanel& panel() { return *panel_; }
    DenoiserList& models() { return models_; }
    ResultStore& results() { return results_; }
    GenerationFeed& feed() { return feed_; }
    const ShownGrid& shown() const { return shown_; }

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build();
    QWidget* makeScrubRow();
    QWidget* makeStripRow();
    QWidget* makeHistoryRow();
    void connectParts();
    void connectFeed();
    void onModels();
    void onPlan();
    void onStatus();
    void onFrames();
    void onEnded();
    void onCheckpointChosen();
    void takeShown();  ///< the grid in the middle is another one
    void refreshFrame();
    void refreshProgress();
    void refreshStrip();
    void refreshSelected();
    void refreshGenerate();
    void refreshPage();
    void step();
    void pauseOrContinue();
    void stop();
    void saveAs(int cell);
    void keepSeed();
    void interpolate(Vary vary);
    void blink(const std::filesystem::path& folder, bool held);
    void prepareDrag(int cell);
    void startDrag(int cell);
    void cellMenu(int cell, const QPoint& global);
    void historyMenu(int place, const QPoint& global);
    QString whyNoGenerate() const;
    QString whyNoExport() const;
    ExportRequest exportRequest(const std::filesystem::path& file, int cell) const;

    DenoiserList models_;
    ResultStore results_;
    GenerationFeed feed_;
    QTemporaryDir dragged_;

    QStackedWidget* pages_ = nullptr;
    EmptyView *empty_ = nullptr, *start_ = nullptr;
    QWidget *main_ = nullptr, *middle_ = nullptr;
    GenerateHeader* header_ = nullptr;
    SampleGrid* grid_ = nullptr;
    QToolButton* play_ = nullptr;
    QSlider* scrub_ = nullptr;
    FrameStrip* strip_ = nullptr;
    QLabel *stripCell_ = nullptr, *stripStep_ = nullptr;
    HistoryStrip* history_ = nullptr;
    QLineEdit* filter_ = nullptr;
    QPointer<GeneratePanel> panel_;

    ShownGrid shown_;
    std::filesystem::path opening_, wantedModel_, dragFile_;
    int frame_ = -1, dragCell_ = -1;
    bool clean_ = false, follow_ = true, setting_ = false, screenshot_ = false;
    QTimer player_;
};

View* makeGenerateView(StudioContext& context);

}  // namespace vl
