// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QPointer>
#include <QTimer>

#include "app/studio/dense/dense_feed.h"
#include "app/studio/dense/dense_models.h"
#include "app/studio/detect/picture_strip.h"
#include "app/studio/segment/fact_line.h"
#include "app/studio/segment/segment_header.h"
#include "app/studio/segment/segment_panel.h"
#include "app/studio/segment/segment_thumbs.h"
#include "app/studio/shell/view.h"
#include "widgets/label_canvas.h"
#include "widgets/marks.h"
#include "widgets/problem_row.h"

class QMimeData;
class QStackedWidget;

namespace vl {

class EmptyView;

/// A class for every pixel of a picture, a folder of pictures or a video: laid over the picture, beside the truth where
/// it is known, with how certain the model is and where it looks.
class SegmentView : public View {
    Q_OBJECT
public:
    explicit SegmentView(StudioContext& context, QWidget* parent = nullptr);
    ~SegmentView() override;

    QString id() const override { return QStringLiteral("segment"); }
    QString title() const override { return tr("Segment"); }
    QWidget* properties() override { return panel_; }
    void setActive(bool active) override;
    void registerActions() override;
    void prepareForScreenshot() override;

    /// Segments a picture file, a folder or a video.
    void open(const std::filesystem::path& source);
    /// Files, a picture, or a path as text; false when there is nothing of use in it.
    bool open(const QMimeData& data);
    void openModel(const std::filesystem::path& file);
    void segment();  ///< again, with what the panel says
    void tryDemo();
    void cancel() { feed_.cancel(); }
    void exportTo(const std::filesystem::path& to, DenseExport::Form form, bool all);

    void showPicture(int index);
    int shownPicture() const { return at_; }
    void stepPicture(int by);
    void setSide(LabelCanvas::Side side);
    void toggleMute(int label);
    void toggleSolo(int label);
    bool muted(int label) const { return muted_[static_cast<std::size_t>(label)]; }
    int solo() const { return solo_; }
    void sortByName(bool byName);
    /// Only pictures where `truth` is taken for `prediction`; -1, -1: all.
    void filterPictures(int truth, int prediction);
    const std::vector<int>& order() const { return order_; }  ///< pictures in the strip
    void setChoices(const SegmentChoices& choices);

    LabelCanvas& canvas() { return *canvas_; }
    PictureStrip& strip() { return *strip_; }
    SegmentHeader& header() { return *header_; }
    SegmentPanel& panel() { return *panel_; }
    DenseFeed& feed() { return feed_; }
    DenseModels& models() { return models_; }
    ProblemRow& note() { return *note_; }
    QString pixelText() const { return facts_->text(); }
    bool isEmpty() const;
    /// Blocks until pictures under way are drawn; for tests and screenshots.
    void waitForPictures();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Entry {
        std::shared_ptr<const DensePicture> seen;
        QString name, figure;
        QImage thumb;
        double iou = -1;
        bool failed = false;
    };

    void build();
    QWidget* makeStripBlock();
    void connectParts();
    void loadChoices();
    void saveChoices() const;
    bool isOwnKey(const QKeyEvent& key) const;
    bool actOnKey(const QKeyEvent& key);
    void ask(DenseRequest request);
    void openByHand();
    void openFolderByHand();
    void saveByHand(DenseExport::Form form, bool all);
    void onLook();
    void onAnswer();
    void onChoices();
    void onMapOutdated();  ///< attention or features of another picture, layer or model
    void onRegion(int region, int label);
    void onCursor(const QPoint& pixel, bool inside);
    void onCheckpointChosen();
    void onToggled(const QString& key);
    void startRequest();
    void takePictures();
    void takePicture();
    void reorder();
    void fillStrip();
    void refreshLook();
    void refreshLegend();
    void refreshFigures();
    void refreshHeader();
    void refreshNote();
    void refreshPages();
    void refreshSegment();
    void refreshModel();
    void refreshStripNote();
    void askAboutMap();
    QString className(int label) const;
    QString whyNoSegment() const;
    QString whyNoExport(bool all) const;
    bool reduced() const;  ///< the picture on show is one of a long list that lost its pixels

    DenseFeed feed_;
    SegmentThumbs thumbs_;
    DenseModels models_;
    QTimer questionTimer_, saveTimer_;

    QStackedWidget* pages_ = nullptr;
    EmptyView *empty_ = nullptr, *problem_ = nullptr;
    QWidget *main_ = nullptr, *stripBlock_ = nullptr;
    SegmentHeader* header_ = nullptr;
    ThinProgress* progress_ = nullptr;
    ProblemRow* note_ = nullptr;
    LabelCanvas* canvas_ = nullptr;
    FactLine* facts_ = nullptr;
    PictureStrip* strip_ = nullptr;
    ElidedLabel* stripNote_ = nullptr;
    SegmentedControl* sort_ = nullptr;
    QPointer<SegmentPanel> panel_;

    std::filesystem::path model_;
    std::vector<std::string> names_;  ///< classes the mutes are for
    std::vector<Entry> entries_;
    std::vector<int> order_;
    std::shared_ptr<const DensePicture> picture_;
    std::array<bool, 256> muted_{}, beforeSolo_{};
    std::uint64_t request_ = 0;
    QPoint pixel_;
    int at_ = -1, solo_ = -1, askedRegion_ = -1, cellTruth_ = -1, cellPrediction_ = -1;
    bool inside_ = false, sideSeen_ = false;
};

View* makeSegmentView(StudioContext& context);

}  // namespace vl
