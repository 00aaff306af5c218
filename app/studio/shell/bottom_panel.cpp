// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/bottom_panel.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTime>
#include <QVBoxLayout>

#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/problem_rows.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/marks.h"

namespace vl {
namespace {

constexpr int kLogLines = 5000;

QString leftText(double seconds) {
    if (seconds <= 0) return {};
    if (seconds < 90) return QStringLiteral("about %1 s left").arg(int(seconds + 0.5));
    return QStringLiteral("about %1 min left").arg(int(seconds / 60 + 0.5));
}

}  // namespace

BottomPanel::BottomPanel(EngineLink& link, ProblemList& problems, QWidget* parent)
    : QWidget(parent), link_(link), tabs_(new TabRow({tr("Log"), tr("Problems"), tr("Jobs")}, 40, this)),
      pages_(new QStackedWidget(this)), log_(new QPlainTextEdit(this)) {
    log_->setReadOnly(true);
    log_->setMaximumBlockCount(kLogLines);
    log_->setFont(Theme::monoFont(12));
    log_->setAccessibleName(tr("Log"));
    log_->setStyleSheet(QStringLiteral("QPlainTextEdit, QPlainTextEdit:focus { border: none; border-radius: 0; padding: 4px 12px; }"));

    auto* problemPage = new QScrollArea(this);
    problemPage->setWidgetResizable(true);
    problemPage->setFrameShape(QFrame::NoFrame);
    problemPage->setWidget(new ProblemRows(problems, ProblemRows::Show::All));
    pages_->addWidget(log_);
    pages_->addWidget(problemPage);
    pages_->addWidget(makeJobs());

    QToolButton* close = makeIconButton(QStringLiteral("cross"), tr("Close"), this);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(0, 0, 8, 0);  // the tabs bring their own inset
    head->addWidget(tabs_);
    head->addStretch(1);
    head->addWidget(close);
    auto* box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    box->addLayout(head);
    box->addWidget(pages_, 1);

    connect(tabs_, &TabRow::currentChanged, pages_, &QStackedWidget::setCurrentIndex);
    connect(close, &QToolButton::clicked, this, &BottomPanel::closeRequested);
    connect(&link_, &EngineLink::statusChanged, this, &BottomPanel::showRunJob);
    connect(&link_, &EngineLink::eventsAdded, this, [this](std::size_t first) {
        for (std::size_t i = first; i < link_.events().size(); ++i) {
            const RunEvent& event = link_.events()[i];
            log(QStringLiteral("step %1  %2  %3").arg(QLocale().toString(qlonglong(event.step)), QString::fromLatin1(toString(event.kind)),
                                                      QString::fromStdString(event.text)));
        }
    });
    showRunJob();
}

QWidget* BottomPanel::makeJobs() {
    auto* page = new QWidget(this);
    runRow_ = new QWidget(page);
    runRow_->setMaximumWidth(480);
    runJob_ = makeLabel({}, Type::Secondary);
    runCount_ = makeLabel({}, Type::Number);
    runProgress_ = new ThinProgress;
    runLeft_ = makeLabel({}, Type::Secondary, Tone::Text2);
    fileJob_ = makeLabel({}, Type::Secondary);
    noJob_ = makeLabel(tr("Nothing is under way."), Type::Secondary, Tone::Text2);
    auto* line = new QHBoxLayout;
    line->addWidget(runJob_);
    line->addStretch(1);
    line->addWidget(runCount_);
    auto* card = new QVBoxLayout(runRow_);
    card->setContentsMargins(0, 0, 0, 8);
    card->addLayout(line);
    card->addWidget(runProgress_);
    card->addWidget(runLeft_);
    auto* box = new QVBoxLayout(page);
    box->setContentsMargins(16, 8, 16, 8);
    box->setAlignment(Qt::AlignTop);
    for (QWidget* each : std::initializer_list<QWidget*>{runRow_, fileJob_, noJob_}) box->addWidget(each);
    return page;
}

void BottomPanel::showRunJob() {
    const RunStatus& status = link_.status();
    const bool active = isActive(status.state);
    runRow_->setVisible(active);
    fileJob_->setVisible(fileJobs_ > 0);
    fileJob_->setText(tr("Reading files: %1").arg(fileJobs_));
    noJob_->setVisible(!active && fileJobs_ == 0);
    if (!active) return;
    const QLocale locale;
    runJob_->setText(tr("Training %1").arg(QString::fromStdString(status.runName)));
    runCount_->setText(QStringLiteral("%1 / %2").arg(locale.toString(qlonglong(status.step)),
                                                     locale.toString(qlonglong(status.totalSteps))));
    runProgress_->setShare(status.totalSteps > 0 ? double(status.step) / double(status.totalSteps) : 0);
    runLeft_->setText(leftText(status.secondsLeft));
}

void BottomPanel::setFileJobs(int count) {
    fileJobs_ = count;
    showRunJob();
}

void BottomPanel::showPage(int page) {
    tabs_->setCurrent(page);
    pages_->setCurrentIndex(page);
}

int BottomPanel::page() const { return pages_->currentIndex(); }

void BottomPanel::log(const QString& line) {
    log_->appendPlainText(QTime::currentTime().toString(QStringLiteral("HH:mm:ss  ")) + line);
}

QString BottomPanel::logText() const { return log_->toPlainText(); }

}  // namespace vl
