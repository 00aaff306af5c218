// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/segment/segment_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSlider>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/studio/generate/form_line.h"
#include "widgets/labels.h"
#include "widgets/marks.h"
#include "widgets/paint_helpers.h"
#include "widgets/panel_parts.h"

namespace vl {
namespace {

constexpr int kLevels = 4, kFigure = 44, kKnobRow = 24;

/// A slider with its name at the left and its value at the right.
QWidget* sliderLine(const QString& name, QWidget* slider, QLabel* value) {
    value->setFixedWidth(kFigure);
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    QWidget* line = formLine(name, {slider, value});
    const int height = slider->sizeHint().height();
    line->setFixedHeight(std::max(36, height));
    if (height <= 36) return line;
    // The bars stand above the slider: name and value belong to its lower part.
    for (QLabel* label : line->findChildren<QLabel*>(QString(), Qt::FindDirectChildrenOnly))
        label->setContentsMargins(0, height - kKnobRow, 0, 0);
    return line;
}

}  // namespace

SegmentPanel::SegmentPanel(QWidget* parent)
    : QWidget(parent),
      tabs_(new TabRow({tr("Classes"), tr("Model"), tr("Image"), tr("Matrix")})),
      legend_(new ClassLegend),
      confusion_(new ConfusionGrid),
      confidence_(new ScoreSlider),
      modelRows_(new ReadoutRows(0)),
      pictureRows_(new ReadoutRows(0)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* pages = new QStackedWidget;
    pages->addWidget(scrolled(makeClassesPage()));
    pages->addWidget(scrolled(makeModelPage()));
    pages->addWidget(scrolled(insetPage({makeSectionTitle(tr("Image")), pictureRows_})));
    pages->addWidget(scrolled(makeConfusionPage()));
    layout->addWidget(tabs_);
    layout->addWidget(pages, 1);
    layout->addWidget(makeSeparator(Qt::Horizontal));
    layout->addWidget(makeFooter());
    connect(tabs_, &TabRow::currentChanged, pages, &QStackedWidget::setCurrentIndex);
    setMinimumWidth(288);
    setAbilities(0, 0, false);
    refreshChoices();
}

QWidget* SegmentPanel::makeClassesPage() {
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 12, 0, 16);
    column->setSpacing(0);
    auto* figures = new QGridLayout;
    figures->setContentsMargins(16, 0, 16, 12);
    figures->setVerticalSpacing(2);
    meanIou_ = makeLabel({}, Type::BigNumber);
    accuracy_ = makeLabel({}, Type::BigNumber);
    figures->addWidget(makeLabel(tr("Mean IoU"), Type::Caption, Tone::Text2), 0, 0);
    figures->addWidget(makeLabel(tr("Pixel accuracy"), Type::Caption, Tone::Text2), 0, 1);
    figures->addWidget(meanIou_, 1, 0);
    figures->addWidget(accuracy_, 1, 1);
    column->addLayout(figures);
    column->addWidget(legend_);
    column->addWidget(makeOverlay());
    column->addStretch();
    return page;
}

QWidget* SegmentPanel::makeOverlay() {
    opacity_ = new QSlider(Qt::Horizontal);
    opacity_->setRange(0, 100);
    outline_ = new QCheckBox(tr("Outline"));
    show_ = new QComboBox;
    show_->addItems({tr("Classes"), tr("Errors"), tr("Entropy"), tr("Attention of the region")});
    for (int level = 0; level < kLevels; ++level)
        show_->addItem(tr("Features, level %1").arg(level + 1));
    layer_ = new QComboBox;
    head_ = new QComboBox;
    for (QComboBox* box : {show_, layer_, head_}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);  // long entries do not widen the dock
    }
    thresholdText_ = makeLabel({}, Type::Number);
    opacityText_ = makeLabel({}, Type::Number);
    mapNote_ = new ElidedLabel({}, Type::Caption, Tone::Text2);
    layerLine_ = formLine(tr("Layer"), {layer_});
    headLine_ = formLine(tr("Head"), {head_});
    confidence_->setAccessibleName(tr("Least confidence of a pixel that is shown"));
    confidence_->setToolTip(tr("Pixels the model is less sure of stay bare, at once and without running again"));
    QWidget* page = insetPage({makeSectionTitle(tr("Overlay")), formLine(tr("Show"), {show_}), layerLine_, headLine_,
                               mapNote_, sliderLine(tr("Confidence"), confidence_, thresholdText_),
                               sliderLine(tr("Opacity"), opacity_, opacityText_), formLine({}, {outline_})});
    connect(opacity_, &QSlider::valueChanged, this, &SegmentPanel::change);
    connect(confidence_, &ScoreSlider::moved, this, &SegmentPanel::change);
    connect(outline_, &QCheckBox::toggled, this, &SegmentPanel::change);
    for (QComboBox* box : {show_, layer_, head_})
        connect(box, &QComboBox::currentIndexChanged, this, &SegmentPanel::change);
    return page;
}

QWidget* SegmentPanel::makeModelPage() {
    model_ = new QComboBox;
    auto* open = makeIconButton(QStringLiteral("folder"), tr("Open a segmenter's checkpoint…"));
    live_ = new QCheckBox(tr("Use the running training's weights"));
    way_ = new QComboBox;
    way_->addItems({tr("automatic"), tr("whole picture"), tr("sliding windows")});
    flip_ = new QCheckBox(tr("Mirrored picture counts too"));
    for (QCheckBox* box : {live_, flip_})
        box->setFixedHeight(32);
    connect(live_, &QCheckBox::toggled, this, &SegmentPanel::weightsChosen);
    connect(model_, &QComboBox::activated, this, [this](int row) { Q_EMIT modelChosen(row - 1); });
    connect(open, &QToolButton::clicked, this, &SegmentPanel::openModelRequested);
    return insetPage({makeSectionTitle(tr("Model")), formLine(tr("Checkpoint"), {model_, open}), live_,
                      formLine(tr("Testing"), {way_}), flip_, makeSectionTitle(tr("What it is")), modelRows_});
}

QWidget* SegmentPanel::makeConfusionPage() {
    confusionNote_ = makeLabel({}, Type::Caption, Tone::Text2);
    confusionNote_->setWordWrap(true);
    confusionNote_->setContentsMargins(0, 8, 0, 0);
    confusionNote_->setMinimumHeight(56);
    confusionNote_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    connect(confusion_, &ConfusionGrid::described, this, &SegmentPanel::setConfusionNote);
    setConfusionNote({});
    return insetPage({titleRow(tr("Taken for what"),
                               {makeLabel(tr("truth down, prediction across"), Type::Caption, Tone::Text2)}, 6),
                      confusion_, confusionNote_});
}

QWidget* SegmentPanel::makeFooter() {
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(16, 10, 16, 12);
    row->setSpacing(8);
    segment_ = makeButton(tr("Segment"), QStringLiteral("play"), ButtonKind::Primary);
    last_ = new ElidedLabel({}, Type::Caption, Tone::Text2);
    last_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(segment_);
    row->addWidget(new KeyCap(QStringLiteral("Ctrl+Enter")));
    row->addWidget(last_, 1);
    connect(segment_, &QPushButton::clicked, this, &SegmentPanel::segmentRequested);
    return footer;
}

void SegmentPanel::change() {
    if (setting_) return;
    const int show = show_->currentIndex();
    choices_.show = show >= 4 ? SegmentChoices::Show::Features : static_cast<SegmentChoices::Show>(std::max(0, show));
    choices_.level = std::max(0, show - 4);
    choices_.layer = layer_->currentIndex() - 1;
    choices_.head = head_->currentIndex() - 1;
    choices_.opacity = opacity_->value() / 100.0;
    choices_.threshold = confidence_->value();
    choices_.outline = outline_->isChecked();
    refreshChoices();
    Q_EMIT choicesChanged();
}

void SegmentPanel::setChoices(const SegmentChoices& choices) {
    choices_ = choices;
    refreshChoices();
}

void SegmentPanel::refreshChoices() {
    setting_ = true;
    const bool attention = choices_.show == SegmentChoices::Show::Attention;
    show_->setCurrentIndex(static_cast<int>(choices_.show) +
                           (choices_.show == SegmentChoices::Show::Features ? choices_.level : 0));
    layer_->setCurrentIndex(choices_.layer + 1);
    head_->setCurrentIndex(choices_.head + 1);
    opacity_->setValue(static_cast<int>(choices_.opacity * 100 + 0.5));
    confidence_->setValue(choices_.threshold);
    outline_->setChecked(choices_.outline);
    setting_ = false;
    layerLine_->setVisible(attention);
    headLine_->setVisible(attention);
    mapNote_->setVisible(choices_.show != SegmentChoices::Show::Classes);
    opacityText_->setText(tr("%1 %").arg(opacity_->value()));
    thresholdText_->setText(fixedText(choices_.threshold, 2));
}

void SegmentPanel::setAbilities(int layers, int heads, bool truth) {
    setting_ = true;
    const auto fill = [](QComboBox* box, const QString& first, int count) {
        if (box->count() == count + 1) return;
        box->clear();
        box->addItem(first);
        for (int i = 0; i < count; ++i)
            box->addItem(QString::number(i + 1));
    };
    fill(layer_, tr("last"), layers);
    fill(head_, tr("mean of all"), heads);
    setting_ = false;
    for (const auto& [row, on] : {std::pair{1, truth}, std::pair{3, layers > 0}})
        show_->setItemData(row, on ? QVariant() : QVariant(0), Qt::UserRole - 1);  // what greys an entry out
    refreshChoices();
}

void SegmentPanel::setFigures(const QString& meanIou, const QString& accuracy) {
    meanIou_->setText(meanIou);
    accuracy_->setText(accuracy);
}

void SegmentPanel::setModels(const std::vector<DenseChoice>& models, const std::filesystem::path& chosen) {
    model_->clear();
    model_->addItem(tr("demo"));
    for (const DenseChoice& each : models) {
        model_->addItem(each.name);
        if (each.info.file == chosen) model_->setCurrentIndex(model_->count() - 1);
    }
}

void SegmentPanel::setConfusionNote(const QString& text) {
    confusionNote_->setText(!text.isEmpty() ? text
                            : confusion_->classes().empty()
                                ? tr("Known once a picture with truth is segmented.")
                                : tr("Click a cell to keep only the pictures behind it in the strip."));
}

void SegmentPanel::setMapNote(const QString& text) { mapNote_->setText(text); }

void SegmentPanel::setSegment(const QString& whyNot, const QString& last) {
    segment_->setEnabled(whyNot.isEmpty());
    segment_->setToolTip(whyNot.isEmpty() ? tr("Segment again (Ctrl+Enter)") : whyNot);
    last_->setText(last);
}

void SegmentPanel::setLivePossible(const QString& whyNot) {
    if (!whyNot.isEmpty() && live()) {
        const QSignalBlocker quiet(live_);
        live_->setChecked(false);
    }
    live_->setEnabled(whyNot.isEmpty());
    live_->setToolTip(whyNot.isEmpty() ? tr("The pictures follow the run: seen again with every checkpoint it writes.")
                                       : whyNot);
}

bool SegmentPanel::live() const { return live_->isChecked(); }

SegmentTesting SegmentPanel::testing() const {
    SegmentTesting testing;
    testing.way = static_cast<SegmentTesting::Way>(way_->currentIndex());
    testing.flip = flip_->isChecked();
    return testing;
}

}  // namespace vl
