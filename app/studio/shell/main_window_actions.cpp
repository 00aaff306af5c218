// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QMenu>
#include <QMenuBar>
#include <QSettings>
#include <QTimer>

#include "app/studio/hud/hud_host.h"
#include "app/studio/shell/bottom_panel.h"
#include "app/studio/shell/close_guard.h"
#include "app/studio/shell/command_palette.h"
#include "app/studio/shell/dropped_item.h"
#include "app/studio/shell/help_window.h"
#include "app/studio/shell/main_window.h"
#include "app/studio/shell/opener.h"
#include "app/studio/shell/problem_rows.h"
#include "app/studio/shell/project_dock.h"
#include "app/studio/shell/run_bar.h"
#include "app/studio/shell/status_row.h"
#include "app/studio/shell/studio_settings.h"
#include "app/studio/shell/top_row.h"
#include "widgets/icons.h"

#include <QDockWidget>
#include <QToolBar>

namespace vl {
namespace {

constexpr int kRecentActions = 5;

struct ViewKey {
    const char* id;
    Qt::Key key;
};
constexpr ViewKey kViewKeys[] = {{"start", Qt::Key_0}, {"train", Qt::Key_1}, {"inspect", Qt::Key_2}, {"schedules", Qt::Key_3},
                                 {"segment", Qt::Key_4}, {"detect", Qt::Key_5}, {"generate", Qt::Key_6}, {"model", Qt::Key_7},
                                 {"compare", Qt::Key_8}};

QKeySequence keyOfView(const QString& id) {
    for (const ViewKey& row : kViewKeys)
        if (id == QLatin1String(row.id)) return QKeySequence(Qt::CTRL | row.key);
    return {};
}

}  // namespace

void MainWindow::addFileActions() {
    const QString file = tr("File"), edit = tr("Edit");
    actions_.add(QStringLiteral("file.openImage"), tr("Open image…"), file, QKeySequence(Qt::CTRL | Qt::Key_O), [this] {
        chooseFile(tr("Open image"), tr("Pictures (*.png *.jpg *.jpeg *.bmp *.webp *.ppm *.pgm *.tif *.tiff);;All files (*)"));
    }, {}, QStringLiteral("image"));
    actions_.add(QStringLiteral("file.openRun"), tr("Open run or image folder…"), file,
                 QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), [this] { chooseFolder(); }, {}, QStringLiteral("folder"));
    actions_.add(QStringLiteral("file.openCheckpoint"), tr("Open checkpoint…"), file, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L),
                 [this] { chooseFile(tr("Open checkpoint"), checkpointFilter()); }, {},
                 QStringLiteral("layers"));
    for (int i = 0; i < kRecentActions; ++i)
        actions_.add(QStringLiteral("recent.%1").arg(i + 1), tr("Open recent item %1").arg(i + 1), file,
                     QKeySequence(Qt::ALT | Qt::Key(Qt::Key_1 + i)), [this, i] { openRecent(i); },
                     [this, i] { return recentItems(*settings_).size() > i ? QString() : tr("No such recent item yet."); },
                     QStringLiteral("clock"));
    actions_.add(QStringLiteral("file.quit"), tr("Quit"), file, QKeySequence(Qt::CTRL | Qt::Key_Q), [this] { close(); });
    actions_.add(QStringLiteral("edit.paste"), tr("Paste image or path"), edit, QKeySequence(Qt::CTRL | Qt::Key_V),
                 [this] { paste(); }, {}, QStringLiteral("paste"));
}

void MainWindow::addRunActions() {
    const QString run = tr("Run");
    const auto controls = [this] { return runControls(link_.status(), request_); };
    const auto whyNoStart = [this] {
        return canStart(link_.status().state) ? QString() : tr("A run is in progress; stop it first.");
    };
    actions_.add(QStringLiteral("run.start"), tr("Run or continue"), run, QKeySequence(Qt::Key_F5), [this] { runOrContinue(); },
                 [controls] { return controls().run.whyNot; }, QStringLiteral("play"));
    actions_.add(QStringLiteral("run.pause"), tr("Pause run"), run, QKeySequence(Qt::Key_F6),
                 [this] { ask(RunRequest::Pause); }, [controls] { return controls().pause.whyNot; }, QStringLiteral("pause"));
    actions_.add(QStringLiteral("run.stop"), tr("Stop run"), run, QKeySequence(Qt::SHIFT | Qt::Key_F5),
                 [this] { ask(RunRequest::Stop); }, [controls] { return controls().stop.whyNot; }, QStringLiteral("stop"));
    actions_.add(QStringLiteral("run.checkpoint"), tr("Checkpoint now"), run, QKeySequence(Qt::CTRL | Qt::Key_B),
                 [this] { ask(RunRequest::Checkpoint); }, [controls] { return controls().checkpoint.whyNot; },
                 QStringLiteral("flag"));
    actions_.add(QStringLiteral("run.new"), tr("New run…"), run, QKeySequence(Qt::CTRL | Qt::Key_N), [this] { newRun(); }, {},
                 QStringLiteral("plus"));
    actions_.add(QStringLiteral("run.demo"), tr("Try the demo"), run, QKeySequence(Qt::ALT | Qt::Key_D),
                 [this] { startDemo(); }, whyNoStart, QStringLiteral("play"));
    actions_.add(QStringLiteral("run.resume"), tr("Resume the selected run"), run, {},
                 [this] { link_.engine().resume(selection_.run(), {}); },
                 [this, whyNoStart] {
                     if (selection_.run().empty()) return tr("Select a run in the project first.");
                     return whyNoStart();
                 }, QStringLiteral("resume"));
}

QAction* MainWindow::toggle(const QString& id, const QString& text, const QKeySequence& key, bool on,
                            std::function<void(bool)> apply, const QString& icon) {
    // The registry triggers; the action's own check mark has flipped by then.
    QAction* action = actions_.add(id, text, tr("View"), key, [] {}, {}, icon);
    action->setCheckable(true);
    action->setChecked(on);
    connect(action, &QAction::triggered, this, std::move(apply));
    return action;
}

void MainWindow::addViewActions() {
    const QString section = tr("View");
    for (View* view : views_) {
        const QKeySequence key = keyOfView(view->id());
        const QString name = view->id() == QLatin1String("start") ? tr("Start page") : tr("%1 view").arg(view->title());
        actions_.add(QStringLiteral("view.") + view->id(), name, section, key, [this, id = view->id()] { showView(id); });
        if (view->id() != QLatin1String("start")) runBar_->addTab(*view, key);
    }
    toggle(QStringLiteral("view.project"), tr("Project"), {}, projectWanted_, [this](bool on) {
        projectWanted_ = on;
        applyDocks();
    });
    toggle(QStringLiteral("view.properties"), tr("Properties"), {}, propertiesWanted_, [this](bool on) {
        propertiesWanted_ = on;
        applyDocks();
    });
    actions_.add(QStringLiteral("view.log"), tr("Log"), section, QKeySequence(Qt::CTRL | Qt::Key_QuoteLeft),
                 [this] { showPanel(0); }, {}, QStringLiteral("terminal"));
    actions_.add(QStringLiteral("view.problems"), tr("Problems"), section, {}, [this] { showPanel(1); }, {},
                 QStringLiteral("warning"));
    actions_.add(QStringLiteral("view.jobs"), tr("Jobs"), section, {}, [this] { showPanel(2); }, {}, QStringLiteral("list"));
    toggle(QStringLiteral("view.hideDocks"), tr("Hide docks"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D), false,
           [this](bool on) { setDocksHidden(on); });
    toggle(QStringLiteral("view.fullScreen"), tr("Full screen"), QKeySequence(Qt::Key_F11), false,
           [this](bool on) { setWindowState(on ? windowState() | Qt::WindowFullScreen : windowState() & ~Qt::WindowFullScreen); });
    QAction* hud = actions_.add(QStringLiteral("view.hud"), tr("Live HUD"), section, QKeySequence(Qt::Key_F12),
                                [this] { hud_->setShown(!hud_->isShown()); }, [this] { return hud_->whyUnavailable(); },
                                QStringLiteral("cpu"));
    hud->setCheckable(true);
    connect(hud_, &HudHost::shownChanged, hud, &QAction::setChecked);
    actions_.add(QStringLiteral("view.defaultLayout"), tr("Restore default layout"), section, {},
                 [this] { restoreDefaultLayout(); });
    const auto theme = [this, section](const char* id, const QString& text, Theme::Choice choice, const QString& icon) {
        actions_.add(QStringLiteral("view.theme.") + QLatin1String(id), text, section, {}, [this, id, choice] {
            Theme::instance().setChoice(choice);
            settings_->setValue(QStringLiteral("theme"), QString::fromLatin1(id));
        }, {}, icon);
    };
    theme("dark", tr("Dark theme"), Theme::Choice::Dark, QStringLiteral("moon"));
    theme("light", tr("Light theme"), Theme::Choice::Light, QStringLiteral("sun"));
    theme("system", tr("Theme of the system"), Theme::Choice::System, QStringLiteral("half-disc"));
}

void MainWindow::addHelpActions() {
    palette_ = new CommandPalette(actions_, this);
    actions_.add(QStringLiteral("tools.palette"), tr("Find a command"), tr("Tools"), QKeySequence(Qt::CTRL | Qt::Key_K),
                 [this] { palette_->open(); }, {}, QStringLiteral("search"));
    actions_.add(QStringLiteral("tools.dismissProblems"), tr("Dismiss all problems"), tr("Tools"), {},
                 [this] { problems_.dismissAll(); },
                 [this] { return problems_.openCount() > 0 ? QString() : tr("There is no problem."); }, QStringLiteral("tick"));
    actions_.add(QStringLiteral("help.keys"), tr("Shortcuts"), tr("Help"), QKeySequence(QStringLiteral("?")), [this] {
        if (!help_) {
            help_ = new HelpWindow(actions_, this);
            help_->setAttribute(Qt::WA_DeleteOnClose);
        }
        help_->show();
        help_->raise();
        help_->activateWindow();
    }, {}, QStringLiteral("keyboard"));
    actions_.add(QStringLiteral("help.about"), tr("About this program and machine"), tr("Help"), {}, [this] {
        const MachineInfo& m = link_.engine().machine();
        report(QStringLiteral("info"), QStringLiteral("VisionLLaMA Studio %1").arg(QString::fromLatin1(VL_VERSION)),
               tr("%1; LibTorch %2, %3; no telemetry, no update check.")
                   .arg(QString::fromStdString(m.cpuName), QString::fromStdString(m.torchVersion), QString::fromStdString(m.isa)));
    }, {}, QStringLiteral("info"));
}

void MainWindow::loadKeys() {
    settings_->beginGroup(QStringLiteral("keys"));
    const QStringList ids = settings_->childKeys();
    // First free every changed action's key, so that two that were swapped do not block each other.
    for (const QString& id : ids) actions_.rebind(id, {});
    for (const QString& id : ids)
        actions_.rebind(id, QKeySequence(settings_->value(id).toString(), QKeySequence::PortableText));
    settings_->endGroup();
}

void MainWindow::saveKey(const QString& id) {
    for (const auto& entry : actions_.entries()) {
        if (entry.id != id || !entry.action) continue;
        const QString key = QStringLiteral("keys/") + id;
        if (entry.action->shortcut() == entry.defaultKey)
            settings_->remove(key);
        else
            settings_->setValue(key, entry.action->shortcut().toString(QKeySequence::PortableText));
    }
}

void MainWindow::buildMenus() {
    for (const QString& name : {tr("File"), tr("Edit"), tr("View"), tr("Run"), tr("Tools"), tr("Help")}) {
        QMenu* menu = topRow_->menus()->addMenu(name);
        QString family;
        for (const auto& entry : actions_.entries()) {
            if (entry.section != name || !entry.action) continue;
            const QString group = entry.id.startsWith(QLatin1String("view.theme")) ? QStringLiteral("theme")
                                                                                   : entry.id.section(QLatin1Char('.'), 0, 0);
            if (!family.isEmpty() && family != group) menu->addSeparator();
            family = group;
            menu->addAction(entry.action);
        }
        connect(menu, &QMenu::aboutToShow, this, [this] { actions_.refresh(); });
    }
    for (const auto& entry : actions_.entries()) {
        if (!entry.action) continue;
        if (!entry.icon.isEmpty()) entry.action->setIcon(icon(entry.icon, Tone::Text2));
        addAction(entry.action);  // keys act wherever the focus is
    }
}

void MainWindow::connectAll() {
    connect(topRow_, &TopRow::homeRequested, this, [this] { showView(QStringLiteral("start")); });
    connect(topRow_, &TopRow::findRequested, this, [this] { palette_->open(); });
    connect(runBar_, &RunBar::tabChosen, this, &MainWindow::showView);
    connect(&link_, &EngineLink::statusChanged, this, &MainWindow::onStatus);
    connect(&link_, &EngineLink::noticed, this, &MainWindow::onNotice);
    connect(&runs_, &RunStore::failed, this, [this](const QString& message, const QString& hint) {
        report(QStringLiteral("error"), message, hint);
    });
    connect(&selection_, &Selection::runChanged, this, [this] {
        actions_.refresh();
        onStatus();
    });
    connect(&runs_, &RunStore::runAdded, this, &MainWindow::onStatus);
    connect(&actions_, &ActionRegistry::keyChanged, this, &MainWindow::saveKey);
    connect(problemRows_, &ProblemRows::rowsChanged, this, [this](int rows) {
        problemBar_->setVisible(rows > 0 || closeGuard_->isVisibleTo(closeGuard_->parentWidget()));
    });
    connect(&problems_, &ProblemList::changed, this, &MainWindow::onStatus);
    connect(closeGuard_, &CloseGuard::phaseChanged, this, [this] {
        const auto phase = closeGuard_->phase();
        problemBar_->setVisible(phase == CloseGuard::Phase::Asking || phase == CloseGuard::Phase::Closing || problemRows_->count() > 0);
        const bool closing = phase == CloseGuard::Phase::Closing || phase == CloseGuard::Phase::Done;
        for (QWidget* each : std::initializer_list<QWidget*>{topRow_, runBar_, centralWidget(), projectDock_, propertiesDock_})
            each->setEnabled(!closing);
    });
    connect(closeGuard_, &CloseGuard::finished, this, &QWidget::close);
    connect(statusRow_, &StatusRow::deviceClicked, this, [this] { actions_.find(QStringLiteral("help.about"))->trigger(); });
    connect(statusRow_, &StatusRow::stateClicked, this, [this] { showPanel(0); });
    connect(statusRow_, &StatusRow::panelClicked, this, &MainWindow::showPanel);
    connect(panel_, &BottomPanel::closeRequested, panelDock_, &QWidget::hide);
    connect(project_, &ProjectDock::addRequested, this, [this] { actions_.find(QStringLiteral("file.openRun"))->trigger(); });
    connect(project_, &ProjectDock::pictureChosen, this, [this](const QString& path) { openPath(toPath(path)); });
    connect(project_, &ProjectDock::checkpointChosen, this, [this](const QString& path) { openPath(toPath(path)); });
    connect(project_, &ProjectDock::presetChosen, this, [this](const QString&) { newRun(); });
    connect(opener_, &Opener::pendingChanged, this, [this] {
        panel_->setFileJobs(opener_->pending());
        onStatus();
    });
    connect(opener_, &Opener::imageOpened, this, [this](const QString& path, int width, int height) {
        project_->addPicture(path);
        remember(int(RecentItem::Kind::Image), path, tr("image, %1 × %2").arg(width).arg(height));
    });
    connect(opener_, &Opener::folderListed, this, [this](const QString& folder, const QStringList& pictures) {
        project_->addPictureFolder(folder, pictures);
        remember(int(RecentItem::Kind::ImageFolder), folder, tr("folder, %1 images").arg(pictures.size()));
        if (!pictures.isEmpty()) openPath(toPath(pictures.first()));
    });
    connect(opener_, &Opener::checkpointOpened, this, [this](const QString& path) {
        remember(int(RecentItem::Kind::Checkpoint), path, tr("checkpoint"));
    });
    connect(opener_, &Opener::runOpened, this, [this](const QString& path) { remember(int(RecentItem::Kind::Run), path, tr("run")); });
    connect(opener_, &Opener::settingsOpened, this, [this](const QString& path) { offerSettings(toPath(path)); });
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &MainWindow::tick);
    timer->start(1000);
}

}  // namespace vl
