// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QPointer>
#include <QTimer>

#include "app/studio/dense/dense_feed.h"
#include "app/studio/dense/dense_models.h"
#include "app/studio/detect/detect_header.h"
#include "app/studio/detect/detect_panel.h"
#include "app/studio/detect/picture_loader.h"
#include "app/studio/detect/picture_strip.h"
#include "app/studio/segment/fact_line.h"
#include "app/studio/shell/view.h"
#include "widgets/box_canvas.h"
#include "widgets/problem_row.h"

class QMimeData;
class QStackedWidget;

namespace vl {

class EmptyView;
class ThinProgress;

/// Objects in a picture, a folder of pictures or a video: boxes and masks over the picture, a table beside it, and what
/// was missed, invented or confused where the truth is known.
class DetectView : public View {
    Q_OBJECT
public:
    explicit DetectView(StudioContext& context, QWidget* parent = nullptr);
    ~DetectView() override;

    QString id() const override { return QStringLiteral("detect"); }
    QString title() const override { return tr("Detect"); }
    QWidget* properties() override { return panel_; }
    void setActive(bool active) override;
    void registerActions() override;
    void prepareForScreenshot() override;

    /// Searches a picture file, a folder or a video.
    void open(const std::filesystem::path& source);
    /// Files, a picture, or a path as text; false when there is nothing of use in it.
    bool open(const QMimeData& mime);
    void openModel(const std::filesystem::path& file);
    void detect();  ///< again, with what the panel says
    void cancel() { feed_.cancel(); }
    void exportTo(const std::filesystem::path& to, DenseExport::Form form, bool all);

    void showPicture(int index);
    int shownPicture() const { return at_; }
    void step(int by);         ///< next or previous object of the table
    void stepPicture(int by);
    void setThreshold(double value);
    void setSide(ShownSide side);
    void setMuted(int label, bool muted);
    void showOnly(int label);  ///< -1: all classes
    const ObjectFilter& filter() const { return filter_; }
    const ShownObjects& shown() const { return shown_; }

    BoxCanvas& canvas() { return *canvas_; }
    PictureStrip& strip() { return *strip_; }
    DetectHeader& header() { return *header_; }
    DetectPanel& panel() { return *panel_; }
    DenseFeed& feed() { return feed_; }
    DenseModels& models() { return models_; }
    PictureLoader& loader() { return loader_; }
    ProblemRow& note() { return *note_; }
    QString cursorText() const { return facts_->text(); }
    /// Blocks until pictures and masks under way are drawn; for tests and screenshots.
    void waitForPictures();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    QWidget* makeStripBlock();
    void connectParts();
    void loadChoices();
    void saveChoices() const;
    bool isOwnKey(const QKeyEvent& key) const;
    bool actOnKey(const QKeyEvent& key);
    void ask(DenseRequest request);
    void onLook();
    void onAnswer();
    void onModels();
    void onCheckpointChosen();
    void onChoices();
    std::shared_ptr<const DensePicture> pictureAt(int index) const;
    void takePicture();       ///< another picture, or a newer one of the same
    void refreshObjects();    ///< filters changed
    void refreshStrip();
    void refreshFigures();
    void refreshHeader();
    void refreshPages();
    void refreshModel();
    void refreshDetect();
    void refreshCursor();
    void refreshNote();
    void refreshAnchors();
    std::optional<ModelSpec> spec() const;  ///< of the model that searched
    void hover(int mark, bool fromTable);
    void select(int mark);
    void askAttention();
    void sortStrip();
    void tableMenu(const QPoint& at);
    QString whyNoDetect() const;
    QString whyNoExport(bool all) const;

    DenseFeed feed_;
    DenseModels models_;
    PictureLoader loader_;
    QTimer attentionTimer_, figureTimer_, saveTimer_;

    QStackedWidget* pages_ = nullptr;
    EmptyView *empty_ = nullptr, *problem_ = nullptr;
    QWidget *main_ = nullptr, *stripBlock_ = nullptr;
    DetectHeader* header_ = nullptr;
    BoxCanvas* canvas_ = nullptr;
    PictureStrip* strip_ = nullptr;
    FactLine* facts_ = nullptr;
    ThinProgress* progress_ = nullptr;
    ProblemRow* note_ = nullptr;
    ElidedLabel* stripNote_ = nullptr;
    SegmentedControl* sort_ = nullptr;
    QPointer<DetectPanel> panel_;

    ObjectFilter filter_;
    ShownObjects shown_;
    DetectPanel::Choices choices_;
    std::filesystem::path model_;
    ClassList classes_;             ///< of the pictures shown
    QString pixel_;                 ///< under the cursor
    std::shared_ptr<const DensePicture> picture_, whole_;  ///< whole_: with pixels read again
    std::uint64_t request_ = 0, pixels_ = 0;
    std::size_t stripped_ = 0;      ///< pictures the strip knows
    std::vector<const DensePicture*> thumbed_;
    int at_ = -1, fetching_ = -1, askedMark_ = -1;
    bool followFirst_ = true;
};

View* makeDetectView(StudioContext& context);

}  // namespace vl
