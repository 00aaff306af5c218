// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QSettings>

#include "app/studio/shell/bottom_panel.h"
#include "app/studio/shell/main_window.h"
#include "app/studio/shell/opener.h"
#include "app/studio/shell/run_bar.h"
#include "app/studio/shell/status_row.h"
#include "app/studio/shell/studio_settings.h"
#include "app/studio/shell/top_row.h"
#include "engine/core/error.h"
#include "engine/core/resource_paths.h"

namespace vl {

void MainWindow::setRunRequest(RunRequest request) {
    request_ = request;
    requestedAt_ = link_.status();
    onStatus();
}

void MainWindow::ask(RunRequest request) {
    setRunRequest(request);
    Engine& engine = link_.engine();
    switch (request) {
        case RunRequest::Pause: engine.pause(); break;
        case RunRequest::Continue: engine.continueRun(); break;
        case RunRequest::Stop: engine.stop(); break;
        case RunRequest::Checkpoint: engine.checkpointNow(); break;
        case RunRequest::Start:
        case RunRequest::None: break;
    }
}

void MainWindow::runOrContinue() {
    if (canContinue(link_.status().state))
        ask(RunRequest::Continue);
    else if (canStart(link_.status().state))
        newRun();
}

void MainWindow::startDemo() {
    try {
        startSettings(findProject("fashion-illama"));
    } catch (const Error& error) {
        report(QStringLiteral("error"), QString::fromStdString(error.message()), QString::fromStdString(error.hint()));
    }
}

void MainWindow::startSettings(const std::filesystem::path& file) {
    try {
        const RunSettings settings = loadSettings(file);
        setRunRequest(RunRequest::Start);
        link_.engine().start(settings, runs_.runsFolder());
        showView(QStringLiteral("train"));
    } catch (const Error& error) {
        report(QStringLiteral("error"), QString::fromStdString(error.message()), QString::fromStdString(error.hint()));
    }
}

void MainWindow::offerSettings(const std::filesystem::path& file) {
    try {
        const RunSettings settings = loadSettings(file);
        Problem offer;
        offer.kind = Problem::Kind::Info;
        offer.word = tr("Configuration");
        offer.message = tr("%1 describes the run “%2”").arg(fromPath(file.filename()), QString::fromStdString(settings.name));
        offer.hint = tr("%1, %2 epochs, batch %3.").arg(QString::fromStdString(settings.model.preset))
                         .arg(settings.train.epochs).arg(settings.data.batch);
        offer.actionText = tr("Start run");
        offer.action = [this, file] { startSettings(file); };
        problems_.add(std::move(offer));
    } catch (const Error& error) {
        report(QStringLiteral("error"), QString::fromStdString(error.message()), QString::fromStdString(error.hint()));
    }
}

void MainWindow::newRun() {
    showView(QStringLiteral("train"));
    View* train = view(QStringLiteral("train"));
    if (!train || !QMetaObject::invokeMethod(train, "showNewRun")) startDemo();
}

void MainWindow::onStatus() {
    const RunStatus& status = link_.status();
    if (request_ != RunRequest::None && isAnswered(request_, requestedAt_, status)) request_ = RunRequest::None;
    runBar_->show(status, runControls(status, request_));
    const auto shown = runs_.find(selection_.run().empty() ? status.folder : selection_.run());
    topRow_->setProject(shown ? shown->name : status.runName.empty() ? tr("no run") : QString::fromStdString(status.runName));
    statusRow_->showRun(status, double(QDateTime::currentMSecsSinceEpoch()) / 1000);
    statusRow_->showCounts(problems_.openCount(), (isActive(status.state) ? 1 : 0) + (opener_->pending() > 0 ? 1 : 0));
    const RunState before = std::exchange(lastState_, status.state);
    if (before == status.state) return;
    actions_.refresh();
    if (status.state == RunState::Starting || (before == RunState::Idle && status.state == RunState::Running))
        remember(int(RecentItem::Kind::Run), fromPath(status.folder), tr("run"));
    if (status.state != RunState::Failed) return;
    Problem failure;
    failure.kind = Problem::Kind::Error;
    failure.word = tr("Failed");
    failure.message = QString::fromStdString(status.problem);
    failure.hint = QString::fromStdString(status.advice);
    if (status.savedStep > 0) {
        failure.actionText = tr("Resume from step %1").arg(QLocale().toString(qlonglong(status.savedStep)));
        failure.action = [this, folder = status.folder] { link_.engine().resume(folder, {}); };
    }
    problems_.add(std::move(failure));
}

void MainWindow::onNotice(const Notice& notice) {
    const QString message = QString::fromStdString(notice.message), hint = QString::fromStdString(notice.hint);
    panel_->log(hint.isEmpty() ? message : message + QStringLiteral(" — ") + hint);
    if (notice.kind == Notice::Kind::Info) return;
    if (notice.request == 0) setRunRequest(RunRequest::None);  // a refusal answers the request too
    Problem problem;
    problem.kind = notice.kind == Notice::Kind::Error ? Problem::Kind::Error : Problem::Kind::Warning;
    problem.message = message;
    problem.hint = hint;
    // The view that asked says it in its own place; the list keeps it.
    problem.dismissed = notice.request != 0 && currentView()->id() != QLatin1String("train") && currentView()->id() != QLatin1String("start");
    problems_.add(std::move(problem));
}

void MainWindow::report(const QString& kind, const QString& message, const QString& hint) {
    Problem problem;
    problem.kind = problemKind(kind);
    problem.message = message;
    problem.hint = hint;
    problems_.add(std::move(problem));
}

void MainWindow::openPath(const std::filesystem::path& path) { opener_->open(path); }

void MainWindow::chooseFile(const QString& title, const QString& filter) {
    const QString folder = settings_->value(QStringLiteral("folders/open")).toString();
    const QString file = QFileDialog::getOpenFileName(this, title, folder, filter);
    if (file.isEmpty()) return;
    settings_->setValue(QStringLiteral("folders/open"), QFileInfo(file).absolutePath());
    openPath(toPath(file));
}

void MainWindow::chooseFolder() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open run or image folder"), fromPath(runs_.runsFolder()));
    if (!folder.isEmpty()) openPath(toPath(folder));
}

void MainWindow::paste() {
    const QMimeData* copied = QApplication::clipboard()->mimeData();
    if (copied && opener_->open(*copied)) return;
    report(QStringLiteral("warning"), tr("The clipboard holds neither a picture nor a path"),
           tr("Copy an image, or the full path of a file, and paste again."));
}

void MainWindow::openRecent(int index) {
    const QList<RecentItem> items = recentItems(*settings_);
    if (index < items.size()) openPath(toPath(items[index].path));
}

void MainWindow::remember(int kind, const QString& path, const QString& detail) {
    if (path.isEmpty()) return;
    rememberRecent(*settings_, {RecentItem::Kind(kind), path, detail, QDateTime::currentDateTime()});
}

}  // namespace vl
