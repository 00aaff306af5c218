// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/status_row.h"

#include <cmath>
#include <fstream>

#include <unistd.h>

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

#include "app/studio/shell/studio_settings.h"
#include "engine/api/engine.h"
#include "widgets/buttons.h"
#include "widgets/icons.h"
#include "widgets/labels.h"
#include "widgets/marks.h"

namespace vl {
namespace {

QPushButton* flatButton(const QString& iconName) {
    auto* button = new QPushButton;
    button->setProperty("kind", "quiet");
    button->setFixedHeight(22);
    if (!iconName.isEmpty()) button->setIcon(icon(iconName, Tone::Text2));
    const auto restyle = [button] {
        button->setStyleSheet(QStringLiteral("QPushButton { color: %1; font-size: 12px; font-weight: 400; padding: 0 6px; min-height: 20px; }")
                                  .arg(Theme::instance().tokens().text2.name()));
    };
    restyle();
    QObject::connect(&Theme::instance(), &Theme::changed, button, restyle);
    return button;
}

QString counted(const QString& word, int count) { return QStringLiteral("%1  %2").arg(word).arg(count); }

}  // namespace

double processMemoryGb() {
    std::ifstream file("/proc/self/statm");
    long pages = 0, resident = 0;
    if (!(file >> pages >> resident)) return 0;
    return double(resident) * double(sysconf(_SC_PAGESIZE)) / 1e9;
}

QString deviceText(const MachineInfo& machine) {
    if (machine.cores == 0) return QStringLiteral("looking at the machine…");
    if (!machine.gpus.empty()) return QString::fromStdString(machine.gpus.front());
    const int threads = machine.threads > 0 ? machine.threads : machine.cores;
    QString text = threads == 1 ? QStringLiteral("CPU, 1 thread") : QStringLiteral("CPU, %1 threads").arg(threads);
    if (machine.bf16Units) text += QStringLiteral(", bf16");
    return text;
}

StatusRow::StatusRow(QWidget* parent) : QStatusBar(parent) {
    setSizeGripEnabled(false);
    setFixedHeight(28);
    auto* left = new QWidget(this);
    auto* row = new QHBoxLayout(left);
    row->setContentsMargins(8, 0, 0, 0);
    row->setSpacing(0);
    device_ = flatButton(QStringLiteral("cpu"));
    chip_ = new StateChip(left);
    chip_->setToolTip(tr("What the engine confirmed; click for the log"));
    rate_ = makeLabel({}, Type::Number, Tone::Text, left);
    memory_ = makeLabel({}, Type::Secondary, Tone::Text2, left);
    savedIcon_ = new QLabel(left);
    saved_ = makeLabel({}, Type::Secondary, Tone::Text2, left);
    row->addWidget(device_);
    row->addSpacing(8);
    row->addWidget(chip_);
    row->addSpacing(16);
    rateBox_ = new QWidget(left);
    auto* rates = new QHBoxLayout(rateBox_);
    rates->setContentsMargins(0, 0, 16, 0);
    rates->setSpacing(4);
    rates->addWidget(rate_);
    rates->addWidget(makeLabel(QStringLiteral("img/s"), Type::Secondary, Tone::Text2, left));
    row->addWidget(rateBox_);
    row->addWidget(memory_);
    row->addSpacing(20);
    row->addWidget(savedIcon_);
    row->addSpacing(4);
    row->addWidget(saved_);
    row->addStretch(1);
    addWidget(left, 1);

    auto* right = new QWidget(this);
    auto* tail = new QHBoxLayout(right);
    tail->setContentsMargins(0, 0, 8, 0);
    tail->setSpacing(4);
    log_ = flatButton({});
    log_->setText(tr("Log"));
    problems_ = flatButton({});
    jobs_ = flatButton({});
    for (QPushButton* button : {log_, problems_, jobs_}) tail->addWidget(button);
    addPermanentWidget(right);

    connect(device_, &QPushButton::clicked, this, &StatusRow::deviceClicked);
    connect(chip_, &StateChip::clicked, this, &StatusRow::stateClicked);
    connect(log_, &QPushButton::clicked, this, [this] { Q_EMIT panelClicked(0); });
    connect(problems_, &QPushButton::clicked, this, [this] { Q_EMIT panelClicked(1); });
    connect(jobs_, &QPushButton::clicked, this, [this] { Q_EMIT panelClicked(2); });
    showCounts(0, 0);
    showMachine({});
    showRun({}, 0);
}

void StatusRow::showMachine(const MachineInfo& machine) {
    device_->setText(QLatin1Char(' ') + deviceText(machine));
    device_->setToolTip(machine.gpuReason.empty() ? tr("This machine") : QString::fromStdString(machine.gpuReason));
}

void StatusRow::showRun(const RunStatus& status, double nowWallSeconds) {
    chip_->setState(status.state);
    const QLocale locale;
    chip_->setDetail(status.totalSteps > 0 && status.state != RunState::Idle
                         ? QStringLiteral("%1 / %2").arg(locale.toString(qlonglong(status.step)),
                                                         locale.toString(qlonglong(status.totalSteps)))
                         : QString());
    const bool moving = isActive(status.state) && status.imagesPerSecond > 0;
    rateBox_->setVisible(moving);
    rate_->setText(locale.toString(qlonglong(std::llround(status.imagesPerSecond))));

    const bool saved = status.savedAt > 0;
    const bool unsaved = !saved && isActive(status.state);
    const Tokens& t = Theme::instance().tokens();
    savedIcon_->setPixmap(iconPixmap(unsaved ? QStringLiteral("dot") : QStringLiteral("tick"), 14,
                                     saved ? t.good : t.text2, devicePixelRatioF()));
    if (saved) {
        const auto when = QDateTime::fromMSecsSinceEpoch(qint64(status.savedAt * 1000));
        saved_->setText(tr("Saved %1").arg(agoText(when, QDateTime::fromMSecsSinceEpoch(qint64(nowWallSeconds * 1000)))));
        saved_->setToolTip(tr("Checkpoint at step %1").arg(locale.toString(qlonglong(status.savedStep))));
    } else {
        saved_->setText(unsaved ? tr("Not saved yet") : tr("Nothing to save"));
        saved_->setToolTip({});
    }
}

void StatusRow::showMemory(double usedGb, double totalGb) {
    const QLocale locale;
    const QString mono = QStringLiteral("<span style=\"font-family:'%1'\">%2</span>").arg(Theme::monoFont(12).family());
    memory_->setText(tr("Memory %1 of %2 GB").arg(mono.arg(locale.toString(usedGb, 'f', 1)),
                                                  mono.arg(locale.toString(totalGb, 'f', 0))));
    memory_->setVisible(totalGb > 0);
}

void StatusRow::showCounts(int problems, int jobs) {
    problems_->setText(counted(tr("Problems"), problems));
    jobs_->setText(counted(tr("Jobs"), jobs));
}

}  // namespace vl
