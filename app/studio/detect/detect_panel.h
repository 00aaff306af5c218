// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include <QWidget>

#include "app/studio/detect/shown_objects.h"
#include "widgets/box_canvas.h"
#include "widgets/buttons.h"
#include "widgets/object_table.h"
#include "widgets/readout_rows.h"
#include "widgets/score_slider.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QSlider;

namespace vl {

class NumberField;
class ScorePage;

/// The right dock of Detect: objects and how they are shown, figures where truth exists, the model, the picture.
class DetectPanel : public QWidget {
    Q_OBJECT
public:
    /// What the check boxes and sliders say; none of it needs another search but `proposals`.
    struct Choices {
        BoxCanvas::Look look;
        std::array<bool, 4> fates{true, true, true, true};
        bool attention = false, proposals = false, anchors = false;
        int layer = -1, head = -1;
        bool operator==(const Choices&) const = default;
    };
    enum Tab { Objects, Scores, Model, Picture };

    explicit DetectPanel(QWidget* parent = nullptr);

    Choices choices() const;
    void setChoices(const Choices& choices);  ///< one signal for all of them
    void toggle(const QString& what);         ///< "masks", "boxes", "labels", "attention"
    ObjectTable& table() { return *table_; }
    ScoreSlider& threshold() { return *threshold_; }
    void setThreshold(double value);
    ScorePage& scores() { return *scores_; }
    TabRow& tabs() { return *tabs_; }
    QCheckBox& fateBox(ObjectFate fate) { return *fates_[static_cast<std::size_t>(fate)]; }
    QPushButton& detectButton() { return *detect_; }
    /// Lowest score, overlap and number of the next search; the values there were where a field is not valid.
    DetectTesting testing() const;
    bool live() const { return weights_->current() == 1; }
    SegmentedControl& weights() { return *weights_; }
    void setLivePossible(const QString& whyNot);

    /// Two figures at the top, each with its name.
    void setFigures(const QString& leftName, const QString& left, const QString& rightName, const QString& right);
    void setFates(const ShownObjects& shown);
    void setScoresShown(bool shown) { tabs_->setTabShown(Scores, shown); }
    void setAttentionPossible(int layers, int heads);
    void setDetect(const QString& whyNot, const QString& note);
    void setModels(const QStringList& names);
    void setModelChosen(int index);  ///< -1: the first
    QComboBox& modelChooser() { return *chooser_; }
    void setModel(std::vector<ReadoutRows::Row> rows) { model_->setRows(std::move(rows)); }
    void setPicture(std::vector<ReadoutRows::Row> rows) { picture_->setRows(std::move(rows)); }
    void setProposalNote(const QString& note);

Q_SIGNALS:
    void thresholdMoved(double value);
    void choicesChanged();
    void detectRequested();
    void openModelRequested();
    void modelChosen(int index);
    void weightsChosen();

private:
    QWidget* makeObjectsPage();
    QWidget* makeOverlay();
    QWidget* makeModelPage();
    QWidget* makePicturePage();
    QWidget* makeFooter();
    QWidget* figure(QLabel*& name, QLabel*& number);
    void report();

    TabRow* tabs_;
    QLabel *leftName_, *left_, *rightName_, *right_, *thresholdText_, *opacityText_, *note_, *proposalNote_;
    QWidget *fateBlock_, *attentionRow_;
    std::array<QCheckBox*, 4> fates_{};
    ScoreSlider* threshold_;
    ObjectTable* table_;
    QCheckBox *masks_, *boxes_, *labels_, *attention_, *proposals_, *anchors_;
    QSlider* opacity_;
    QComboBox *layer_, *head_, *chooser_;
    ScorePage* scores_;
    SegmentedControl* weights_;
    NumberField *lowest_, *overlap_, *most_;
    ReadoutRows *model_, *picture_;
    QPushButton* detect_;
    bool setting_ = false;
};

}  // namespace vl
