// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/model/model_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "engine/api/families.h"
#include "widgets/labels.h"
#include "widgets/panel_parts.h"

namespace vl {
namespace {

constexpr int kGap = 6;

QVBoxLayout* column(QWidget* page, int side = 16) {
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(side, 4, side, 16);
    layout->setSpacing(0);
    return layout;
}

QLabel* wrapped(Type type, Tone tone) {
    QLabel* label = makeLabel({}, type, tone);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

}  // namespace

ModelPanel::ModelPanel(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    tabs_ = new TabRow({tr("Tensor"), tr("File"), tr("Compare")});
    pages_ = new QStackedWidget;
    pages_->addWidget(scrolled(makeTensorPage()));
    pages_->addWidget(scrolled(makeFilePage()));
    pages_->addWidget(makeComparePage());
    layout->addWidget(tabs_);
    layout->addWidget(pages_, 1);
    connect(tabs_, &TabRow::currentChanged, pages_, &QStackedWidget::setCurrentIndex);
    setMinimumWidth(288);
    setList(nullptr, false);
}

QWidget* ModelPanel::makeTensorPage() {
    auto* page = new QWidget;
    auto* layout = column(page);
    layout->addWidget(makeSectionTitle(tr("Tensor")));
    name_ = wrapped(Type::Secondary, Tone::Text);
    name_->setMinimumHeight(20);
    layout->addWidget(name_);
    layout->addSpacing(8);
    scale_ = new SegmentedControl({tr("Linear"), tr("Log")});
    scale_->setAccessibleName(tr("Heights of the histogram"));
    scale_->setStyleSheet(QStringLiteral("QToolButton { padding: 0 6px; font-size: 12px; }"));
    bin_ = makeLabel({}, Type::CaptionNumber, Tone::Text2);
    layout->addWidget(titleRow(tr("Values"), {scale_}, kGap));
    histogram_ = new HistogramView;
    layout->addWidget(histogram_);
    bin_->setFixedHeight(20);
    layout->addWidget(bin_);
    layout->addSpacing(4);
    tensor_ = new ReadoutRows(0);
    tensor_->setAccessibleName(tr("Numbers of the tensor"));
    layout->addWidget(tensor_);
    layout->addStretch();
    connect(scale_, &SegmentedControl::currentChanged, this, [this](int index) { histogram_->setLog(index == 1); });
    connect(histogram_, &HistogramView::binDescribed, this, [this](const QString& text) { bin_->setText(text); });
    return page;
}

QWidget* ModelPanel::makeFilePage() {
    auto* page = new QWidget;
    auto* layout = column(page);
    layout->addWidget(makeSectionTitle(tr("File")));
    file_ = new ReadoutRows(0);
    file_->setAccessibleName(tr("File"));
    layout->addWidget(file_);
    layout->addSpacing(8);
    weights_ = new SegmentedControl({tr("Trained"), tr("Averaged")});
    weights_->setAccessibleName(tr("Which weights"));
    layout->addWidget(titleRow(tr("Weights"), {weights_}, kGap));
    sets_ = wrapped(Type::Secondary, Tone::Text2);
    layout->addWidget(sets_);
    layout->addSpacing(8);
    scalarsTitle_ = makeSectionTitle(tr("Beside the weights"));
    scalars_ = new ReadoutRows(0);
    scalars_->setAccessibleName(tr("Beside the weights"));
    layout->addWidget(scalarsTitle_);
    layout->addWidget(scalars_);
    layout->addSpacing(8);
    opaqueTitle_ = makeSectionTitle(tr("Not run"));
    opaque_ = wrapped(Type::Secondary, Tone::Text2);
    layout->addWidget(opaqueTitle_);
    layout->addWidget(opaque_);
    layout->addStretch();
    connect(weights_, &SegmentedControl::currentChanged, this, [this](int index) {
        if (!setting_) Q_EMIT averagedChosen(index == 1);
    });
    return page;
}

QWidget* ModelPanel::makeComparePage() {
    auto* page = new QWidget;
    auto* layout = column(page, 0);
    auto* head = new QWidget;
    auto* top = column(head);
    top->setContentsMargins(16, 0, 16, 8);
    top->addWidget(makeSectionTitle(tr("Compare with")));
    presets_ = new QComboBox;
    presets_->setAccessibleName(tr("Compare with"));
    presets_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    presets_->addItem(tr("Recognised model"), QString());
    for (const ModelSpec& preset : modelPresets()) {
        const QString name = QString::fromStdString(preset.name);
        presets_->addItem(name, name);
    }
    top->addWidget(presets_);
    against_ = wrapped(Type::Secondary, Tone::Text2);
    against_->setContentsMargins(0, 8, 0, 4);
    top->addWidget(against_);
    comparison_ = new ReadoutRows(0);
    comparison_->setAccessibleName(tr("Comparison"));
    top->addWidget(comparison_);
    layout->addWidget(head);
    differences_ = new DifferenceList;
    layout->addWidget(differences_, 1);
    connect(presets_, &QComboBox::activated, this, [this](int index) { Q_EMIT presetChosen(presets_->itemData(index).toString()); });
    connect(differences_, &DifferenceList::chosen, this, &ModelPanel::tensorChosen);
    return page;
}

void ModelPanel::showPage(int page) { tabs_->setCurrent(page); }
int ModelPanel::page() const { return pages_->currentIndex(); }
QString ModelPanel::opaqueText() const { return opaque_->text(); }

void ModelPanel::setList(std::shared_ptr<const TensorList> list, bool averaged) {
    list_ = std::move(list);
    setEnabled(list_ != nullptr);
    setting_ = true;
    bool trainedSet = false, averagedSet = false;
    if (list_)
        for (const WeightSet& set : list_->report->weights)
            (set.averaged ? averagedSet : trainedSet) = true;
    weights_->setChoiceEnabled(0, trainedSet, tr("The file has no trained weights besides averaged ones."));
    weights_->setChoiceEnabled(1, averagedSet, tr("The file has no averaged weights (EMA)."));
    weights_->setCurrent((averaged && averagedSet) || (averagedSet && !trainedSet) ? 1 : 0);
    setting_ = false;
    showFile();
    showComparison();
    differences_->setList(list_);
    if (!list_) setTensor(-1, false);
}

void ModelPanel::showFile() {
    scalarsTitle_->setVisible(list_ && !list_->report->scalars.empty());
    scalars_->setVisible(list_ && !list_->report->scalars.empty());
    opaqueTitle_->setVisible(list_ && !list_->report->opaque.empty());
    opaque_->setVisible(list_ && !list_->report->opaque.empty());
    if (!list_) {
        file_->setRows({});
        sets_->setText({});
        return;
    }
    const CheckpointReport& r = *list_->report;
    file_->setRows({{tr("Format"), QString::fromStdString(r.format), {}},
                    {tr("Size"), bytesText(r.fileBytes), {}},
                    {tr("Tensors"), countText(std::int64_t(r.tensors.size())), {}},
                    {tr("Numbers"), countText(list_->elements), {}},
                    {tr("Types"), list_->types, {}}});
    QStringList sets;
    for (const WeightSet& set : r.weights) {
        const QString prefix = set.prefix.empty() ? tr("at the top of the file") : tr("“%1”").arg(QString::fromStdString(set.prefix));
        const QString kind = set.averaged ? tr("averaged, ") : QString();
        sets << tr("%1%2, %3%4 tensors, %5 numbers")
                    .arg(set.chosen ? tr("Taken: ") : tr("Also there: "), prefix, kind, countText(std::int64_t(set.tensors)),
                         countText(std::int64_t(set.elements)));
    }
    sets_->setText(sets.isEmpty() ? tr("The file holds no set of weights.") : sets.join(QLatin1Char('\n')));
    std::vector<ReadoutRows::Row> scalars;
    constexpr std::size_t most = 200;
    for (std::size_t i = 0; i < r.scalars.size() && i < most; ++i)
        scalars.push_back({QString::fromStdString(r.scalars[i].name), QString::fromStdString(r.scalars[i].text).simplified().left(200), {}});
    if (r.scalars.size() > most) scalars.push_back({tr("and %1 more").arg(r.scalars.size() - most), {}, {}});
    scalars_->setRows(std::move(scalars));
    QStringList opaque;
    for (std::size_t i = 0; i < r.opaque.size() && i < most; ++i)
        opaque << QString::fromStdString(r.opaque[i]);
    opaque_->setText(tr("Parts of classes unknown here are listed and never run:") + QLatin1Char('\n') + opaque.join(QLatin1Char('\n')));
}

void ModelPanel::showComparison() {
    if (!list_) {
        against_->setText({});
        comparison_->setRows({});
        return;
    }
    const Recognition& r = list_->report->recognition;
    against_->setText(!r.known ? tr("No model was recognised; choose a preset to compare with.")
                      : list_->differing.empty() ? tr("Every tensor of %1 is there with its shape.").arg(QString::fromStdString(r.spec.name))
                                                 : tr("Against %1:").arg(QString::fromStdString(r.spec.name)));
    if (!r.known) return comparison_->setRows({});
    comparison_->setRows({{tr("Fit"), countText(list_->fits), {}},
                          {tr("Missing"), countText(list_->missing), {}},
                          {tr("Another shape"), countText(list_->different), {}},
                          {tr("Unexpected"), countText(list_->unexpected), {}}});
}

void ModelPanel::setTensor(int item, bool reading) {
    if (!list_ || item < 0) {
        name_->setText(list_ ? tr("No tensor is selected.") : QString());
        histogram_->setValues({}, 0, 0, 0, {});
        tensor_->setRows({});
        return;
    }
    const TensorItem& line = list_->items[static_cast<std::size_t>(item)];
    const TensorRow* row = list_->row(item);
    const TensorStatistics* v = list_->statistics(item);
    // A name has no spaces to break at: let it break after its dots.
    name_->setText(QString::fromStdString(line.name).replace(QLatin1Char('.'), QStringLiteral(".\u200b")));
    name_->setAccessibleName(QString::fromStdString(line.name));
    std::vector<ReadoutRows::Row> rows;
    const auto add = [&](const QString& name, const QString& value) { rows.push_back({name, value, {}}); };
    if (!line.modelName.empty() && line.modelName != line.name) add(tr("In the model"), QString::fromStdString(line.modelName));
    add(tr("Check"), checkText(*list_, item));
    add(tr("Shape"), cellText(*list_, item, TensorColumn::Shape));
    if (const ShapeDifference* difference = list_->difference(item)) {
        add(tr("Expected"), shapeText(difference->expected));
        add(tr("Loading"), difference->remedy.empty() ? tr("not possible") : QString::fromStdString(difference->remedy));
    }
    if (row) {
        add(tr("Type"), QString::fromStdString(row->dtype));
        add(tr("Size"), bytesText(row->bytes));
        add(tr("Role"), QString::fromLatin1(toString(row->role)));
    }
    if (v) {
        const bool any = !v->histogram.empty();
        add(tr("Elements"), countText(v->elements));
        add(tr("Mean"), any ? valueText(v->mean) : QStringLiteral("–"));
        add(tr("Standard deviation"), any ? valueText(v->std) : QStringLiteral("–"));
        add(tr("Smallest"), any ? valueText(v->min) : QStringLiteral("–"));
        add(tr("Largest"), any ? valueText(v->max) : QStringLiteral("–"));
        add(tr("Zeros"), countText(v->zeros));
        add(tr("NaN"), countText(v->nan));
        add(tr("Infinite"), countText(v->infinite));
        histogram_->setValues(v->histogram, v->min, v->max, v->mean, tr("No finite value"));
    } else {
        histogram_->setValues({}, 0, 0, 0, !row ? tr("Not in the file") : reading ? tr("Still reading") : tr("Values were not read"));
    }
    tensor_->setRows(std::move(rows));
}

}  // namespace vl
