// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSlider>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/studio/detect/detect_panel.h"
#include "app/studio/detect/score_page.h"
#include "widgets/labels.h"
#include "widgets/marks.h"
#include "widgets/number_field.h"
#include "widgets/panel_parts.h"

namespace vl {
namespace {

constexpr int kLabel = 84;

QVBoxLayout* column(QWidget* page) {
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(16, 0, 16, 8);
    layout->setSpacing(0);
    return layout;
}

/// Label, field, and a number of its own width at the right.
QWidget* line(const QString& label, QWidget* field, QWidget* right = nullptr, int height = 34) {
    auto* row = new QWidget;
    row->setFixedHeight(height);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    auto* name = makeLabel(label, Type::Secondary, Tone::Text2);
    name->setFixedWidth(kLabel);
    layout->addWidget(name);
    const bool narrow = field->sizePolicy().horizontalPolicy() == QSizePolicy::Fixed;
    layout->addWidget(field, 1, narrow ? Qt::AlignLeft | Qt::AlignVCenter : Qt::Alignment());
    if (right) layout->addWidget(right);
    return row;
}

QCheckBox* check(const QString& text, bool on, const QString& tip = {}) {
    auto* box = new QCheckBox(text);
    box->setChecked(on);
    box->setToolTip(tip);
    return box;
}

QWidget* side(std::initializer_list<QWidget*> parts, int height = 30) {
    auto* row = new QWidget;
    row->setFixedHeight(height);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    for (QWidget* part : parts)
        layout->addWidget(part, 1);
    return row;
}

QLabel* number(int width) {
    auto* label = makeLabel({}, Type::Number);
    label->setFixedWidth(width);
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return label;
}

NumberField* field(double least, double most, double value, bool integer) {
    auto* made = new NumberField;
    made->setRange(least, most);
    made->setInteger(integer);
    made->setValue(value);
    return made;
}

}  // namespace

DetectPanel::DetectPanel(QWidget* parent)
    : QWidget(parent),
      tabs_(new TabRow({tr("Objects"), tr("Scores"), tr("Model"), tr("Image")})),
      scores_(new ScorePage) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* pages = new QStackedWidget;
    pages->addWidget(makeObjectsPage());
    pages->addWidget(scrolled(scores_));
    pages->addWidget(scrolled(makeModelPage()));
    pages->addWidget(scrolled(makePicturePage()));
    layout->addWidget(tabs_);
    layout->addWidget(pages, 1);
    layout->addWidget(makeSeparator(Qt::Horizontal));
    layout->addWidget(makeFooter());
    connect(tabs_, &TabRow::currentChanged, pages, &QStackedWidget::setCurrentIndex);
    setScoresShown(false);
    setAttentionPossible(0, 0);
    report();
    setMinimumWidth(288);
}

QWidget* DetectPanel::figure(QLabel*& name, QLabel*& number) {
    auto* block = new QWidget;
    auto* layout = new QVBoxLayout(block);
    layout->setContentsMargins(0, 12, 0, 8);
    layout->setSpacing(2);
    layout->addWidget(name = makeLabel({}, Type::Caption, Tone::Text2));
    layout->addWidget(number = makeLabel({}, Type::BigNumber));
    return block;
}

QWidget* DetectPanel::makeObjectsPage() {
    auto* page = new QWidget;
    auto* layout = column(page);
    auto* figures = new QHBoxLayout;
    figures->setSpacing(8);
    figures->addWidget(figure(leftName_, left_), 1);
    figures->addWidget(figure(rightName_, right_), 1);
    layout->addLayout(figures);
    threshold_ = new ScoreSlider;
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    thresholdText_ = number(40);
    row->addWidget(threshold_, 1);
    row->addWidget(thresholdText_, 0, Qt::AlignBottom);
    thresholdText_->setFixedHeight(24);
    layout->addWidget(makeLabel(tr("score from"), Type::Caption, Tone::Text2));
    layout->addLayout(row);
    fateBlock_ = new QWidget;
    auto* grid = new QGridLayout(fateBlock_);
    grid->setContentsMargins(0, 8, 0, 4);
    grid->setVerticalSpacing(8);
    const std::array<QString, 4> tips{tr("Right place, right class"), tr("There, but not found"),
                                      tr("Found where nothing is"), tr("Right place, wrong class")};
    for (std::size_t i = 0; i < fates_.size(); ++i) {
        fates_[i] = check({}, true, tips[i]);
        grid->addWidget(fates_[i], static_cast<int>(i) / 2, static_cast<int>(i) % 2);
        connect(fates_[i], &QCheckBox::toggled, this, &DetectPanel::report);
    }
    fateBlock_->hide();
    layout->addWidget(fateBlock_);
    layout->addSpacing(4);
    table_ = new ObjectTable;
    table_->setMinimumHeight(120);
    layout->addWidget(table_, 1);
    layout->addWidget(makeOverlay());
    connect(threshold_, &ScoreSlider::moved, this, [this](double value) {
        setThreshold(value);
        Q_EMIT thresholdMoved(value);
    });
    return page;
}

QWidget* DetectPanel::makeOverlay() {
    auto* block = new QWidget;
    auto* layout = new QVBoxLayout(block);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(titleRow(
        tr("Overlay"), {makeLabel(tr("previous, next"), Type::Caption, Tone::Text2), new KeyCap(QStringLiteral("P")),
                        new KeyCap(QStringLiteral("N"))}, 6));
    masks_ = check(tr("Masks"), true, tr("Masks of the objects (M)"));
    boxes_ = check(tr("Boxes"), true, tr("Boxes of the objects (B)"));
    labels_ = check(tr("Labels"), true, tr("Names and scores (L)"));
    layout->addWidget(side({masks_, boxes_, labels_}));
    opacity_ = new QSlider(Qt::Horizontal);
    opacity_->setRange(0, 100);
    opacity_->setValue(45);
    opacity_->setAccessibleName(tr("Opacity of the masks"));
    opacityText_ = number(40);
    layout->addWidget(line(tr("Opacity"), opacity_, opacityText_, 30));
    attention_ = check(tr("Attention for the object"), false);
    layout->addWidget(side({attention_}));
    layer_ = new QComboBox;
    head_ = new QComboBox;
    layer_->setAccessibleName(tr("Layer"));
    head_->setAccessibleName(tr("Head"));
    attentionRow_ = side({layer_, head_}, 34);
    layout->addWidget(attentionRow_);
    for (QCheckBox* each : {masks_, boxes_, labels_, attention_})
        connect(each, &QCheckBox::toggled, this, &DetectPanel::report);
    connect(opacity_, &QSlider::valueChanged, this, &DetectPanel::report);
    for (QComboBox* each : {layer_, head_})
        connect(each, &QComboBox::currentIndexChanged, this, &DetectPanel::report);
    return block;
}

QWidget* DetectPanel::makeModelPage() {
    auto* page = new QWidget;
    auto* layout = column(page);
    layout->addWidget(makeSectionTitle(tr("Model")));
    weights_ = new SegmentedControl({tr("Stored"), tr("Live")});
    chooser_ = new QComboBox;
    chooser_->setAccessibleName(tr("Model"));
    chooser_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    layout->addWidget(line(tr("Model"), chooser_, nullptr, 36));
    layout->addWidget(line(tr("Weights"), weights_, nullptr, 36));
    model_ = new ReadoutRows(0);
    model_->setAccessibleName(tr("Model"));
    layout->addWidget(model_);
    auto* open = makeButton(tr("Open model"), QStringLiteral("folder"));
    layout->addSpacing(8);
    layout->addWidget(open, 0, Qt::AlignLeft);
    layout->addWidget(makeSectionTitle(tr("Search")));
    const DetectTesting how;
    lowest_ = field(0, 1, how.threshold, false);
    overlap_ = field(0, 1, how.overlap, false);
    most_ = field(1, 1000, how.most, true);
    lowest_->setToolTip(tr("Objects below this score are not kept at all"));
    overlap_->setToolTip(tr("Of two boxes of a class that overlap more than this the better one stays"));
    most_->setToolTip(tr("The best ones of a picture"));
    layout->addWidget(line(tr("Lowest score"), lowest_, nullptr, 36));
    layout->addWidget(line(tr("Overlap"), overlap_, nullptr, 36));
    layout->addWidget(line(tr("At most"), most_, nullptr, 36));
    layout->addWidget(makeSectionTitle(tr("Region proposals")));
    proposals_ = check(tr("Proposals handed to the box head"), false,
                       tr("White boxes, brighter the surer; searches again"));
    anchors_ = check(tr("Anchors at the cursor"), false,
                     tr("Three boxes on each level of the pyramid, as the model sees them in this picture"));
    proposalNote_ = makeLabel({}, Type::Caption, Tone::Text2);
    proposalNote_->setWordWrap(true);
    proposalNote_->hide();
    layout->addWidget(side({proposals_}));
    layout->addWidget(side({anchors_}));
    layout->addWidget(proposalNote_);
    layout->addStretch();
    connect(chooser_, &QComboBox::activated, this, &DetectPanel::modelChosen);
    connect(open, &QPushButton::clicked, this, &DetectPanel::openModelRequested);
    connect(weights_, &SegmentedControl::currentChanged, this, &DetectPanel::weightsChosen);
    for (QCheckBox* each : {proposals_, anchors_})
        connect(each, &QCheckBox::toggled, this, &DetectPanel::report);
    return page;
}

QWidget* DetectPanel::makePicturePage() {
    auto* page = new QWidget;
    auto* layout = column(page);
    layout->addWidget(makeSectionTitle(tr("Image")));
    picture_ = new ReadoutRows(0);
    picture_->setAccessibleName(tr("Image"));
    layout->addWidget(picture_);
    layout->addStretch();
    return page;
}

QWidget* DetectPanel::makeFooter() {
    auto* footer = new QWidget;
    auto* layout = new QHBoxLayout(footer);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    detect_ = makeButton(tr("Detect"), QStringLiteral("play"), ButtonKind::Primary);
    note_ = new ElidedLabel({}, Type::Caption, Tone::Text2);
    note_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->addWidget(detect_);
    layout->addWidget(new KeyCap(QStringLiteral("Ctrl+Enter")));
    layout->addWidget(note_, 1);
    connect(detect_, &QPushButton::clicked, this, &DetectPanel::detectRequested);
    return footer;
}

}  // namespace vl
