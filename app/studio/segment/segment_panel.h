// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/studio/dense/dense_models.h"
#include "widgets/buttons.h"
#include "widgets/class_legend.h"
#include "widgets/confusion_grid.h"
#include "widgets/label_paint.h"
#include "widgets/readout_rows.h"
#include "widgets/score_slider.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QSlider;

namespace vl {

/// What lies over the picture.
struct SegmentChoices {
    enum class Show { Classes, Errors, Entropy, Attention, Features } show = Show::Classes;
    double opacity = 0.46, threshold = 0;
    bool outline = true;
    int layer = -1, head = -1, level = 0;
    bool operator==(const SegmentChoices&) const = default;
};

/// The right dock of Segment: classes and overlay, the model, the picture, what is taken for what.
class SegmentPanel : public QWidget {
    Q_OBJECT
public:
    explicit SegmentPanel(QWidget* parent = nullptr);

    TabRow& tabs() { return *tabs_; }
    ClassLegend& legend() { return *legend_; }
    ConfusionGrid& confusion() { return *confusion_; }
    ScoreSlider& confidence() { return *confidence_; }
    QSlider& opacity() { return *opacity_; }
    QCheckBox& outline() { return *outline_; }
    QComboBox& showChooser() { return *show_; }
    QComboBox& modelChooser() { return *model_; }
    QCheckBox& liveBox() { return *live_; }
    QPushButton& segmentButton() { return *segment_; }

    const SegmentChoices& choices() const { return choices_; }
    void setChoices(const SegmentChoices& choices);  ///< no signal
    /// Layers and heads whose attention can be asked for; whether errors can be shown.
    void setAbilities(int layers, int heads, bool truth);
    void setFigures(const QString& meanIou, const QString& accuracy);
    void setModels(const std::vector<DenseChoice>& models, const std::filesystem::path& chosen);
    void setModelRows(std::vector<ReadoutRows::Row> rows) { modelRows_->setRows(std::move(rows)); }
    void setPictureRows(std::vector<ReadoutRows::Row> rows) { pictureRows_->setRows(std::move(rows)); }
    void setConfusionNote(const QString& text);
    void setMapNote(const QString& text);
    void setSegment(const QString& whyNot, const QString& last);
    bool live() const;
    void setLivePossible(const QString& whyNot);
    SegmentTesting testing() const;

Q_SIGNALS:
    void choicesChanged();
    void modelChosen(int at);  ///< in the list; -1: the demo's
    void openModelRequested();
    void segmentRequested();
    void weightsChosen();

private:
    QWidget* makeClassesPage();
    QWidget* makeOverlay();
    QWidget* makeModelPage();
    QWidget* makeConfusionPage();
    QWidget* makeFooter();
    void change();
    void refreshChoices();

    SegmentChoices choices_;
    TabRow* tabs_;
    ClassLegend* legend_;
    ConfusionGrid* confusion_;
    ScoreSlider* confidence_;
    QSlider* opacity_ = nullptr;
    QCheckBox *outline_ = nullptr, *live_ = nullptr, *flip_ = nullptr;
    QComboBox *show_ = nullptr, *layer_ = nullptr, *head_ = nullptr, *model_ = nullptr, *way_ = nullptr;
    QLabel *meanIou_ = nullptr, *accuracy_ = nullptr, *opacityText_ = nullptr, *thresholdText_ = nullptr,
           *mapNote_ = nullptr, *confusionNote_ = nullptr, *last_ = nullptr;
    QWidget *layerLine_ = nullptr, *headLine_ = nullptr;
    QPushButton* segment_ = nullptr;
    ReadoutRows *modelRows_, *pictureRows_;
    bool setting_ = false;
};

}  // namespace vl
