// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/inspect/inspect_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSlider>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "widgets/labels.h"
#include "widgets/marks.h"
#include "widgets/panel_parts.h"

namespace vl {
namespace {

constexpr int kTitleGap = 6;

QVBoxLayout* column(QWidget* page) {
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(16, 4, 16, 16);
    layout->setSpacing(0);
    return layout;
}

QWidget* formLine(const QString& label, QWidget* field, bool stretch) {
    auto* row = new QWidget;
    row->setFixedHeight(36);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* name = makeLabel(label, Type::Secondary, Tone::Text2);
    name->setFixedWidth(80);
    name->setBuddy(field);
    field->setAccessibleName(label);
    layout->addWidget(name);
    layout->addWidget(field, stretch ? 1 : 0);
    if (!stretch) layout->addStretch();
    return row;
}

QIcon stripIcon(ColorMap map) {
    QIcon icon;
    for (int ratio : {1, 2}) {
        QPixmap pixmap = QPixmap::fromImage(colorStrip(map, 56 * ratio).scaled(56 * ratio, 12 * ratio));
        pixmap.setDevicePixelRatio(ratio);
        icon.addPixmap(pixmap);
    }
    return icon;
}

}  // namespace

InspectPanel::InspectPanel(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* tabs = new TabRow({tr("Inspect"), tr("Model"), tr("Image")});
    auto* pages = new QStackedWidget;
    for (QWidget* page : {makeInspectPage(), makeModelPage(), makePicturePage()})
        pages->addWidget(scrolled(page));
    layout->addWidget(tabs);
    layout->addWidget(pages, 1);
    connect(tabs, &TabRow::currentChanged, pages, &QStackedWidget::setCurrentIndex);
    setMinimumWidth(288);
}

QWidget* InspectPanel::makeInspectPage() {
    auto* page = new QWidget;
    auto* layout = column(page);
    predictionCaption_ = makeLabel({}, Type::Caption, Tone::Text2);
    prediction_ = new PredictionBars;
    layout->addWidget(titleRow(tr("Prediction"), {predictionCaption_}, kTitleGap));
    layout->addWidget(prediction_);
    layout->addSpacing(8);
    layout->addWidget(
        titleRow(tr("Overlay"), {makeLabel(tr("hide"), Type::Caption, Tone::Text2), new KeyCap(QStringLiteral("H"))}, kTitleGap));
    layout->addWidget(makeOverlay());
    layout->addSpacing(8);
    cursorCaption_ = makeLabel({}, Type::CaptionNumber, Tone::Text2);
    cursor_ = new ReadoutRows;
    cursor_->setAccessibleName(tr("Under the cursor"));
    layout->addWidget(titleRow(tr("Under the cursor"), {cursorCaption_}, kTitleGap));
    layout->addWidget(cursor_);
    layout->addSpacing(8);
    layout->addWidget(titleRow(
        tr("Pinned"), {makeLabel(tr("unpin all"), Type::Caption, Tone::Text2), new KeyCap(QStringLiteral("Esc"))}, kTitleGap));
    pins_ = new PinList;
    layout->addWidget(pins_);
    layout->addStretch();
    connect(pins_, &PinList::unpin, this, &InspectPanel::unpin);
    return page;
}

QWidget* InspectPanel::makeOverlay() {
    auto* block = new QWidget;
    auto* layout = new QVBoxLayout(block);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* slider = new QWidget;
    auto* h = new QHBoxLayout(slider);
    h->setContentsMargins(0, 0, 0, 0);
    h->setSpacing(8);
    opacity_ = new QSlider(Qt::Horizontal);
    opacity_->setRange(0, 100);
    opacity_->setSingleStep(1);
    opacity_->setPageStep(10);
    opacityText_ = makeLabel({}, Type::Number);
    opacityText_->setFixedWidth(48);
    opacityText_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    h->addWidget(opacity_, 1);
    h->addWidget(opacityText_);
    map_ = new QComboBox;
    map_->setIconSize({56, 12});
    map_->addItem(stripIcon(ColorMap::Inferno), tr("Inferno"));
    map_->addItem(stripIcon(ColorMap::Viridis), tr("Viridis"));
    map_->addItem(stripIcon(ColorMap::Grey), tr("Grey"));
    scale_ = new SegmentedControl({tr("Linear"), tr("Log")});
    range_ = new SegmentedControl({tr("Per head"), tr("Shared")});
    heads_ = new SegmentedControl({tr("One"), tr("Mean"), tr("Max"), tr("Min")});
    // Four choices beside a label need the narrower buttons of a crowded form.
    for (auto* segments : {scale_, range_, heads_})
        segments->setStyleSheet(QStringLiteral("QToolButton { padding: 0 3px; font-size: 12px; }"));
    layout->addWidget(formLine(tr("Opacity"), slider, true));
    opacity_->setAccessibleName(tr("Opacity"));
    layout->addWidget(formLine(tr("Colour map"), map_, true));
    layout->addWidget(formLine(tr("Scale"), scale_, false));
    layout->addWidget(formLine(tr("Range"), range_, false));
    layout->addWidget(formLine(tr("Heads"), heads_, false));
    connect(opacity_, &QSlider::valueChanged, this, &InspectPanel::report);
    connect(map_, &QComboBox::currentIndexChanged, this, &InspectPanel::report);
    for (auto* segments : {scale_, range_, heads_})
        connect(segments, &SegmentedControl::currentChanged, this, &InspectPanel::report);
    return block;
}

QWidget* InspectPanel::makeModelPage() {
    auto* page = new QWidget;
    auto* layout = column(page);
    layout->addWidget(makeSectionTitle(tr("Model")));
    weights_ = new SegmentedControl({tr("Stored"), tr("Live")});
    layout->addWidget(formLine(tr("Weights"), weights_, false));
    model_ = new ReadoutRows(0);
    model_->setAccessibleName(tr("Model"));
    layout->addWidget(model_);
    layout->addStretch();
    connect(weights_, &SegmentedControl::currentChanged, this, [this](int index) {
        if (!setting_) Q_EMIT liveRequested(index == 1);
    });
    return page;
}

QWidget* InspectPanel::makePicturePage() {
    auto* page = new QWidget;
    auto* layout = column(page);
    layout->addWidget(makeSectionTitle(tr("Image")));
    picture_ = new ReadoutRows(0);
    picture_->setAccessibleName(tr("Image"));
    layout->addWidget(picture_);
    layout->addStretch();
    return page;
}

void InspectPanel::setPredictionCaption(const QString& text) { predictionCaption_->setText(text); }
void InspectPanel::setCursorCaption(const QString& text) { cursorCaption_->setText(text); }

void InspectPanel::setChoices(const InspectChoices& choices) {
    setting_ = true;
    choices_ = choices;
    opacity_->setValue(static_cast<int>(choices.opacity * 100 + 0.5));
    opacityText_->setText(tr("%1 %").arg(opacity_->value()));
    map_->setCurrentIndex(static_cast<int>(choices.map));
    scale_->setCurrent(choices.log ? 1 : 0);
    range_->setCurrent(choices.shared ? 1 : 0);
    heads_->setCurrent(choices.rollout ? static_cast<int>(HeadFusion::Mean) : static_cast<int>(choices.fusion));
    for (int i = 0; i < 4; ++i)
        heads_->setChoiceEnabled(i, !choices.rollout || i == 1, tr("Rollout averages the heads."));
    setting_ = false;
}

void InspectPanel::setLive(bool live, const QString& reason) {
    setting_ = true;
    weights_->setCurrent(live ? 1 : 0);
    weights_->setChoiceEnabled(1, reason.isEmpty() || live, reason);
    setting_ = false;
}

void InspectPanel::report() {
    opacityText_->setText(tr("%1 %").arg(opacity_->value()));
    if (setting_) return;
    choices_.opacity = opacity_->value() / 100.0;
    choices_.map = static_cast<ColorMap>(map_->currentIndex());
    choices_.log = scale_->current() == 1;
    choices_.shared = range_->current() == 1;
    if (!choices_.rollout) choices_.fusion = static_cast<HeadFusion>(heads_->current());
    Q_EMIT choicesChanged(choices_);
}

}  // namespace vl
