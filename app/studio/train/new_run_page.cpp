// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/train/new_run_page.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/run_store.h"
#include "engine/core/error.h"
#include "engine/core/resource_paths.h"
#include "widgets/buttons.h"
#include "widgets/chart_axis.h"
#include "widgets/labels.h"

namespace vl {
namespace {

QWidget* labelled(const QString& text, QWidget* field) {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* label = makeLabel(text, Type::Secondary, Tone::Text2);
    label->setBuddy(field);
    field->setAccessibleName(text);
    column->addWidget(label);
    column->addWidget(field);
    return box;
}

QString bigCount(std::int64_t value) {
    if (value >= 1'000'000'000) return QObject::tr("%1 billion").arg(double(value) / 1e9, 0, 'f', 1);
    if (value >= 1'000'000)
        return QObject::tr("%1 million").arg(double(value) / 1e6, 0, 'f', value < 10'000'000 ? 2 : 1);
    return countText(double(value));
}

}  // namespace

NewRunPage::NewRunPage(StudioContext& context, QWidget* parent) : QWidget(parent), context_(context) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHead());
    form_ = new SettingsForm(SettingsForm::Mode::New, 2);
    form_->setMaximumWidth(900);
    auto* scroll = new QScrollArea;
    scroll->setWidget(form_);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    layout->addWidget(scroll, 1);
    problem_ = new ProblemRow;
    problem_->setDismissable(true);
    problem_->hide();
    layout->addWidget(problem_);
    layout->addWidget(makeSeparator(Qt::Horizontal));
    layout->addWidget(makeFooter());

    connect(form_, &SettingsForm::changed, this, &NewRunPage::refreshEstimate);
    connect(form_, &SettingsForm::curveRequested, this, [this] { context_.showView("schedules"); });
    connect(problem_, &ProblemRow::dismissed, problem_, &QWidget::hide);
    connect(&context_.link, &EngineLink::statusChanged, this, &NewRunPage::refreshStart);
    refresh();
    refreshEstimate();
    refreshStart();
}

QWidget* NewRunPage::makeHead() {
    auto* head = new QWidget;
    auto* layout = new QVBoxLayout(head);
    layout->setContentsMargins(16, 4, 16, 8);
    layout->setSpacing(8);
    auto* first = new QHBoxLayout;
    auto* title = makeLabel(tr("New run"), Type::ViewTitle);
    title->setFixedHeight(40);
    back_ = makeButton(tr("Back to the run"), "chevron-left", ButtonKind::Quiet);
    first->addWidget(title);
    first->addStretch();
    first->addWidget(back_);
    layout->addLayout(first);
    auto* second = new QHBoxLayout;
    second->setSpacing(16);
    project_ = new QComboBox;
    project_->setMinimumWidth(240);
    name_ = new QLineEdit;
    name_->setMinimumWidth(200);
    name_->setToolTip(tr("The run's folder is called after it"));
    second->addWidget(labelled(tr("Project"), project_));
    second->addWidget(labelled(tr("Name"), name_));
    second->addStretch();
    layout->addLayout(second);
    connect(back_, &QPushButton::clicked, this, &NewRunPage::left);
    connect(project_, &QComboBox::activated, this, &NewRunPage::loadProject);
    connect(name_, &QLineEdit::textChanged, this, &NewRunPage::refreshStart);
    return head;
}

QWidget* NewRunPage::makeFooter() {
    auto* footer = new QWidget;
    auto* layout = new QHBoxLayout(footer);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(16);
    auto* lines = new QVBoxLayout;
    lines->setSpacing(2);
    size_ = new ElidedLabel({}, Type::Secondary, Tone::Text);
    time_ = new ElidedLabel({}, Type::Secondary, Tone::Text2);
    lines->addWidget(size_);
    lines->addWidget(time_);
    start_ = makeButton(tr("Start run"), "play", ButtonKind::Primary);
    reason_ = makeLabel({}, Type::Secondary, Tone::Warning);
    layout->addLayout(lines, 1);
    layout->addWidget(reason_);
    layout->addWidget(start_);
    connect(start_, &QPushButton::clicked, this, &NewRunPage::start);
    return footer;
}

void NewRunPage::refresh() {
    const QString chosen = project_->currentText();
    project_->clear();
    for (const std::string& name : projectNames())
        project_->addItem(QString::fromStdString(name));
    project_->addItem(tr("Built-in defaults"));
    const int index = project_->findText(chosen);
    project_->setCurrentIndex(std::max(0, index));
    if (index < 0) loadProject(project_->currentIndex());
}

void NewRunPage::loadProject(int index) {
    problem_->hide();
    try {
        const bool defaults = index == project_->count() - 1;
        const RunSettings settings =
            defaults ? RunSettings() : loadSettings(findProject(project_->itemText(index).toStdString()));
        form_->setBaseline(settings);
        name_->setText(QString::fromStdString(settings.name));
    } catch (const Error& error) {
        showProblem(QString::fromStdString(error.message()), QString::fromStdString(error.hint()));
    }
}

void NewRunPage::setSettings(const RunSettings& settings, const QString& origin) {
    if (!origin.isEmpty()) {
        if (project_->findText(origin) < 0) project_->insertItem(0, origin);
        project_->setCurrentIndex(project_->findText(origin));
    }
    form_->setBaseline(settings);
    name_->setText(QString::fromStdString(settings.name));
}

void NewRunPage::setPace(std::optional<MeasuredPace> pace) {
    pace_ = pace;
    refreshEstimate();
}

RunSettings NewRunPage::settings() const {
    RunSettings out = form_->settings();
    applySetting(out, "name", SettingValue(name_->text().trimmed().toStdString()));
    return out;
}

void NewRunPage::refreshEstimate() {
    if (!size_) return;
    try {
        const RunEstimate estimate = estimateRun(form_->settings(), context_.link.engine().machine(), pace_);
        QStringList parts{tr("%1 parameters").arg(bigCount(estimate.parameters)),
                          tr("%1 multiply-adds a picture").arg(bigCount(estimate.macs))};
        if (estimate.known)
            parts << tr("%1 steps").arg(countText(double(estimate.steps)))
                  << tr("%1 pictures").arg(countText(double(estimate.images)));
        size_->setText(parts.join(", "));
        time_->setText(estimate.time);
    } catch (const Error& error) {
        size_->setText(QString::fromStdString(error.message()));
        time_->setText(QString::fromStdString(error.hint()));
    }
    refreshStart();
}

void NewRunPage::refreshStart() {
    if (!start_) return;
    QString why;
    if (!canStart(context_.link.status().state))
        why = tr("A run is in progress; stop it first.");
    else if (!form_->valid())
        why = tr("A field holds no valid value.");
    else if (name_->text().trimmed().isEmpty())
        why = tr("Give the run a name.");
    start_->setEnabled(why.isEmpty());
    start_->setToolTip(why);
    reason_->setText(why);
    back_->setVisible(!context_.runs.runs().empty());
}

void NewRunPage::start() {
    problem_->hide();
    try {
        const RunSettings wanted = settings();
        validate(wanted);
        context_.link.engine().start(wanted, context_.runs.runsFolder());
        Q_EMIT started();
    } catch (const Error& error) {
        showProblem(QString::fromStdString(error.message()), QString::fromStdString(error.hint()));
    }
}

void NewRunPage::showProblem(const QString& message, const QString& hint) {
    problem_->setProblem(Tone::Error, tr("Not started"), message, hint);
    problem_->show();
}

QString NewRunPage::estimateText() const { return size_->text() + '\n' + time_->text(); }
QString NewRunPage::problem() const { return problem_->isHidden() ? QString() : problem_->message(); }

}  // namespace vl
