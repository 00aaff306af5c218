// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QLabel>
#include <QStackedWidget>

#include "app/studio/shell/view.h"
#include "app/studio/train/run_timeline.h"
#include "engine/api/settings.h"

class QBoxLayout;

namespace vl {

class EmptyView;
class FilmReader;
class FilmStrip;
class GalleryGrid;
class NewRunPage;
class SampleModel;
class SampleTable;
class TrainCharts;
class TrainHeader;
class TrainProperties;
struct StoredRun;

/// The training dashboard: numbers, charts, validation pictures or the film of a denoiser; settings with live edits in
/// its properties.
class TrainView : public View {
    Q_OBJECT
public:
    explicit TrainView(StudioContext& context, QWidget* parent = nullptr);
    ~TrainView() override;

    QString id() const override { return QStringLiteral("train"); }
    QString title() const override { return tr("Train"); }
    QWidget* properties() override;
    void setActive(bool active) override;
    void registerActions() override;
    void prepareForScreenshot() override;

    /// Writes the charts as they are seen; problems become a problem row.
    void exportTo(const QString& file);
    TrainHeader& header() { return *header_; }
    TrainCharts& charts() { return *charts_; }
    GalleryGrid& gallery() { return *gallery_; }
    FilmStrip& film() { return *film_; }
    FilmReader& filmReader() { return *filmReader_; }
    NewRunPage& newRunPage() { return *newRun_; }
    TrainProperties& panel() { return *panel_; }
    enum class Page { Empty, Run, NewRun };
    Page page() const;

public Q_SLOTS:
    void showNewRun();
    /// The soft-mask schedule the next run starts with, as drawn in Schedules.
    void useSchedule(const vl::SoftMaskSettings& schedule);
    void chooseExport(const QString& suffix);

    /// Bounded: while the parts change places both arrangements count for a moment, and the window must not grow for it.
    QSize minimumSizeHint() const override { return View::minimumSizeHint().boundedTo({QWIDGETSIZE_MAX, 680}); }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeEmptyPage();
    QWidget* makeRunPage();
    QWidget* makeValidation();
    void makeExportMenu();
    void connectAll();
    void connectFilm();
    void arrange();

    std::shared_ptr<StoredRun> shownRun() const;
    ModelTask shownTask() const;
    void changeRun();  ///< another run, another set of runs
    void showPage(Page page);
    void onMetrics(std::size_t firstStep, std::size_t firstEval);
    void onStatus();
    void onEvents(std::size_t first);
    void onGallery();
    void onFilm();
    void refreshFilm();         ///< of the shown run: from the engine, or read from its folder
    void refreshEvaluations();
    QStringList classNamesOf(const StoredRun& run) const;
    void showFilmFrame(int frame);  ///< the charts' cursor goes along
    void openSample();
    void refreshSide();
    void refreshNumbers();
    void refreshHeader();
    void refreshProperties(bool keepEdits);
    void chooseSample(int index);
    void newRunFrom(const RunSettings& settings);
    bool asleep();  ///< hidden: remembers that everything must be drawn anew

    QStackedWidget* pages_;
    TrainHeader* header_ = nullptr;
    TrainCharts* charts_ = nullptr;
    GalleryGrid* gallery_ = nullptr;
    QLabel *galleryPlace_ = nullptr, *galleryCount_ = nullptr;
    SampleTable* table_ = nullptr;
    FilmStrip* film_ = nullptr;
    FilmReader* filmReader_ = nullptr;
    QWidget *side_ = nullptr, *validation_ = nullptr, *tableBox_ = nullptr, *separator_ = nullptr;
    QBoxLayout* body_ = nullptr;
    NewRunPage* newRun_ = nullptr;
    TrainProperties* panel_ = nullptr;
    SampleModel* samples_ = nullptr;
    std::shared_ptr<StoredRun> run_;
    bool stale_ = true, wantsNewRun_ = false, wide_ = false, filmed_ = false, pointing_ = false;
    std::filesystem::path filmFolder_;   ///< whose film was asked for last, empty: the live one's
    std::size_t filmEvals_ = 0;          ///< evaluations its run had then
    double exportWidthCm_ = 16;
};

}  // namespace vl
