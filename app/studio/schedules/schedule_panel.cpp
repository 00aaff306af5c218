// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/schedules/schedule_panel.h"

#include <cmath>

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "widgets/labels.h"
#include "widgets/paint_helpers.h"
#include "widgets/panel_parts.h"

namespace vl {
namespace {

constexpr int kTitleGap = 4;

QWidget* inset(QWidget* content) {
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(16, 0, 16, 0);
    layout->addWidget(content);
    return box;
}

QWidget* formLine(const QString& label, QWidget* field) {
    auto* row = new QWidget;
    row->setFixedHeight(34);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* name = makeLabel(label, Type::Secondary, Tone::Text2);
    name->setFixedWidth(128);
    name->setBuddy(field);
    field->setAccessibleName(label);
    field->setFixedWidth(112);
    layout->addWidget(name);
    layout->addWidget(field);
    layout->addStretch();
    return row;
}

QPushButton* smallButton(const QString& text, const QString& iconName) {
    auto* button = makeButton(text, iconName, ButtonKind::Quiet);
    button->setStyleSheet(QStringLiteral("QPushButton { padding: 0 5px; font-size: 12px; }"));
    return button;
}

}  // namespace

SchedulePanel::SchedulePanel(ScheduleDraft& draft, QWidget* parent) : QWidget(parent), draft_(draft) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* tabs = new TabRow({tr("Schedule"), tr("Settings")});
    auto* pages = new QStackedWidget;
    pages->addWidget(scrolled(makeSchedulePage()));
    pages->addWidget(scrolled(makeSettingsPage()));
    layout->addWidget(tabs);
    layout->addWidget(pages, 1);
    layout->addWidget(makeSeparator(Qt::Horizontal));
    layout->addWidget(makeFooter());
    connect(tabs, &TabRow::currentChanged, pages, &QStackedWidget::setCurrentIndex);
    setMinimumWidth(288);
}

QWidget* SchedulePanel::makeSchedulePage() {
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 4, 0, 12);
    layout->setSpacing(0);
    add_ = smallButton(tr("Add"), QStringLiteral("plus"));
    add_->setToolTip(tr("Add a node at the preview (Insert on the curve)"));
    remove_ = smallButton(tr("Remove"), QStringLiteral("minus"));
    table_ = new NodeTable;
    layout->addWidget(inset(titleRow(tr("Nodes"), {remove_, add_}, kTitleGap)));
    layout->addWidget(table_);

    start_ = new NumberField;
    start_->setRange(0, 1);
    cutoff_ = new NumberField;
    cutoff_->setRange(0, 1e6);
    cutoff_->setUnit(tr("epochs"));
    length_ = new NumberField;
    length_->setRange(0.01, 1e6);
    length_->setUnit(tr("epochs"));
    layout->addWidget(inset(makeSectionTitle(tr("Reference values"))));
    layout->addWidget(inset(formLine(tr("Start α"), start_)));
    cutoffRow_ = formLine(tr("Cut-off"), cutoff_);
    layout->addWidget(inset(cutoffRow_));
    layout->addWidget(inset(formLine(tr("Length"), length_)));

    preview_ = new ReadoutRows(0);
    preview_->setAccessibleName(tr("At the preview"));
    layout->addWidget(inset(makeSectionTitle(tr("At the preview"))));
    layout->addWidget(inset(preview_));

    pictureName_ = new ElidedLabel({}, Type::Caption, Tone::Text2);
    pictureName_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    pictureName_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    problem_ = makeLabel({}, Type::Caption, Tone::Error);
    problem_->setWordWrap(true);
    problem_->hide();
    prediction_ = new PredictionBars;
    prediction_->setRowCount(3);
    sample_ = smallButton(tr("Take a sample"), QStringLiteral("grid"));
    layout->addWidget(inset(titleRow(tr("Prediction there"), {pictureName_, sample_}, kTitleGap)));
    layout->addWidget(inset(prediction_));
    layout->addWidget(inset(problem_));
    layout->addStretch();

    connect(add_, &QPushButton::clicked, this, &SchedulePanel::addRequested);
    connect(remove_, &QPushButton::clicked, this, [this] { draft_.removeNode(table_->selected()); });
    connect(sample_, &QPushButton::clicked, this, &SchedulePanel::sampleRequested);
    connect(table_, &NodeTable::nodeSelected, this, [this](int index) {
        refreshButtons();
        Q_EMIT nodeSelected(index);
    });
    connect(table_, &NodeTable::nodeEdited, this,
            [this](int i, double epoch, double alpha, int gesture) { draft_.moveNode(i, epoch, alpha, gesture); });
    connect(table_, &NodeTable::linearEdited, this, [this](int i, bool linear) { draft_.setLinear(i, linear); });
    connect(table_, &NodeTable::removeRequested, this, [this](int i) { draft_.removeNode(i); });
    const auto onEdit = [this](NumberField* field, auto change) {
        connect(field, &NumberField::valueEdited, this, [this, change](double value) {
            if (!filling_) change(value);
        });
        connect(field, &QLineEdit::editingFinished, this, [this] { ++gesture_; });
    };
    onEdit(start_, [this](double value) { draft_.setStart(value, gesture_); });
    onEdit(cutoff_, [this](double value) { draft_.setCutoff(value, gesture_); });
    onEdit(length_, [this](double value) { draft_.setLength(value); });
    return page;
}

QWidget* SchedulePanel::makeSettingsPage() {
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(16, 4, 16, 12);
    layout->setSpacing(0);
    layout->addWidget(makeSectionTitle(tr("Training")));
    settings_ = new ReadoutRows(0);
    settings_->setAccessibleName(tr("Training"));
    layout->addWidget(settings_);
    auto* note = makeLabel(
        tr("α multiplies the softmax weight of keys after the query, without renormalising. It changes with every "
           "optimiser step. The learning rate is edited in Train."),
        Type::Caption, Tone::Text3);
    note->setWordWrap(true);
    layout->addSpacing(8);
    layout->addWidget(note);
    layout->addStretch();
    return page;
}

QWidget* SchedulePanel::makeFooter() {
    auto* footer = new QWidget;
    auto* layout = new QVBoxLayout(footer);
    layout->setContentsMargins(16, 8, 16, 12);
    layout->setSpacing(8);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    now_ = Badge::forApplies(Applies::Now);
    next_ = Badge::forApplies(Applies::NextRun);
    state_ = makeLabel({}, Type::Caption, Tone::Text3);
    line->addWidget(makeLabel(tr("Applies"), Type::Secondary, Tone::Text2));
    line->addWidget(now_);
    line->addWidget(next_);
    line->addStretch();
    line->addWidget(state_);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    use_ = makeButton(tr("Use for next run"), QStringLiteral("tick"), ButtonKind::Primary);
    discard_ = makeButton(tr("Discard"));
    buttons->addWidget(use_);
    buttons->addWidget(discard_);
    buttons->addStretch();
    layout->addLayout(line);
    layout->addLayout(buttons);
    connect(use_, &QPushButton::clicked, this, &SchedulePanel::useRequested);
    connect(discard_, &QPushButton::clicked, this, [this] { draft_.discard(); });
    return footer;
}

void SchedulePanel::refreshButtons() {
    const bool last = draft_.nodes().size() < 2;
    remove_->setEnabled(draft_.custom() && table_->selected() >= 0 && !last);
    remove_->setToolTip(!draft_.custom()         ? tr("A preset has no nodes to remove. Choose Custom.")
                        : table_->selected() < 0 ? tr("Select a node first.")
                        : last                   ? tr("The last node stays.")
                                                 : tr("Remove the node (Del)"));
}

void SchedulePanel::refresh(bool running) {
    filling_ = true;
    table_->setNodes(draft_.nodes(), draft_.custom(), draft_.length());
    const auto show = [](NumberField* field, double value) {
        const auto now = field->value();
        if (!now || std::abs(*now - value) > 1e-12) field->setValue(value);
    };
    show(start_, draft_.settings().start);
    show(cutoff_, draft_.settings().cutoffEpochs);
    show(length_, draft_.length());
    length_->setEnabled(!running);
    length_->setToolTip(running ? tr("The run in progress sets the length.")
                                : tr("For this preview; a run's own length is set in Train."));
    now_->setVisible(running);
    next_->setVisible(!running);
    use_->setText(running ? tr("Use for this run") : tr("Use for next run"));
    const bool changed = draft_.changed();
    use_->setEnabled(changed);
    discard_->setEnabled(changed);
    const QString same = running ? tr("The run uses exactly this.") : tr("The next run uses exactly this.");
    use_->setToolTip(changed ? QString() : same);
    discard_->setToolTip(changed ? QString() : same);
    state_->setText(changed ? tr("changed") : tr("in use"));
    const auto& t = draft_.training();
    settings_->setRows({{tr("Length"), tr("%1 epochs").arg(numberText(t.epochs)), {}},
                        {tr("Steps an epoch"), QLocale().toString(static_cast<qlonglong>(draft_.stepsPerEpoch())), {}},
                        {tr("Learning rate"), numberText(t.lr), {}},
                        {tr("Lowest learning rate"), numberText(t.minLr), {}},
                        {tr("Warm-up"), tr("%1 epochs").arg(numberText(t.warmupEpochs)), {}}});
    refreshButtons();
    filling_ = false;
}

void SchedulePanel::setProblem(const QString& problem) {
    problem_->setText(problem);
    problem_->setVisible(!problem.isEmpty());
    prediction_->setVisible(problem.isEmpty());
}

void SchedulePanel::setPicture(const QString& name, bool waiting) {
    pictureName_->setText(name.isEmpty() ? QString() : waiting ? tr("%1, looking…").arg(name) : name);
    sample_->setVisible(name.isEmpty());
}

}  // namespace vl
