// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDateTime>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QToolBar>
#include <QVBoxLayout>

#include "app/studio/hud/hud_host.h"
#include "app/studio/shell/bottom_panel.h"
#include "app/studio/shell/close_guard.h"
#include "app/studio/shell/command_palette.h"
#include "app/studio/shell/drop_frame.h"
#include "app/studio/shell/help_window.h"
#include "app/studio/shell/opener.h"
#include "app/studio/shell/problem_rows.h"
#include "app/studio/shell/project_dock.h"
#include "app/studio/shell/run_bar.h"
#include "app/studio/shell/status_row.h"
#include "app/studio/shell/studio_settings.h"
#include "app/studio/shell/top_row.h"
#include "app/studio/view_list.h"
#include "widgets/theme.h"

namespace vl {
namespace {

constexpr int kLayoutVersion = 1;  // raise it when docks change: an older layout is dropped, not misread
constexpr int kWide = 1920;

/// A tool bar that is nothing but its one widget: immovable, and without the margins styles put back on every change.
class FixedBar : public QToolBar {
public:
    FixedBar(QMainWindow* window, const QString& name, QWidget* content) : QToolBar(window) {
        setObjectName(name);
        setMovable(false);
        setFloatable(false);
        toggleViewAction()->setEnabled(false);
        setContextMenuPolicy(Qt::PreventContextMenu);
        setStyleSheet(QStringLiteral("QToolBar { border: none; padding: 0; spacing: 0; }"));
        content->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        addWidget(content);
    }

protected:
    bool event(QEvent* event) override {
        const bool handled = QToolBar::event(event);
        if (layout() && !layout()->contentsMargins().isNull()) layout()->setContentsMargins(0, 0, 0, 0);
        return handled;
    }
};

QDockWidget* makeDock(QMainWindow* window, const QString& name, const QString& title, QWidget* content, QWidget* head) {
    auto* dock = new QDockWidget(title, window);
    dock->setObjectName(name);
    dock->setFeatures(head ? QDockWidget::DockWidgetMovable | QDockWidget::DockWidgetClosable
                           : QDockWidget::DockWidgetClosable);
    if (!head) {
        head = new QWidget(dock);
        head->setFixedHeight(0);
    }
    dock->setTitleBarWidget(head);
    dock->setWidget(content);
    return dock;
}

}  // namespace

MainWindow::MainWindow(Engine& engine, std::filesystem::path runsFolder, QWidget* parent)
    : QMainWindow(parent), settings_(openStudioSettings()), link_(engine), runs_(link_, std::move(runsFolder)),
      context_{link_, selection_, runs_, actions_,
               [this](const QString& kind, const QString& message, const QString& hint) { report(kind, message, hint); },
               [this](const QString& id) { showView(id); }} {
    setWindowTitle(QStringLiteral("VisionLLaMA Studio"));
    setAcceptDrops(true);
    setDockNestingEnabled(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    build();
    addFileActions();
    addRunActions();
    addViewActions();
    addHelpActions();
    for (View* view : views_) view->registerActions();
    loadKeys();
    buildMenus();
    connectAll();
    loadLayout();
    showView(QStringLiteral("start"));
    onStatus();
    tick();
    runs_.scan();
}

MainWindow::~MainWindow() {
    // Views and rows refer to the shared objects, which are members and would go first.
    for (View* view : views_) delete view;
    delete help_;
    delete takeCentralWidget();
    QList<QPointer<QObject>> rest;  // a copy: deleting one changes the list, and may take others with it
    for (QObject* child : children())
        if (qobject_cast<QWidget*>(child) || child == opener_) rest << child;
    for (const QPointer<QObject>& child : rest) delete child.data();
}

void MainWindow::build() {
    opener_ = new Opener(context_, this);
    auto* head = new QWidget(this);
    topRow_ = new TopRow(head);
    runBar_ = new RunBar(actions_, head);
    auto* rows = new QVBoxLayout(head);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(topRow_);
    rows->addWidget(runBar_);
    setMenuWidget(head);

    auto* centre = new QWidget(this);
    centre->setObjectName(QStringLiteral("centralWidget"));
    middle_ = new QStackedWidget(centre);
    hud_ = new HudHost(link_, centre);
    auto* box = new QVBoxLayout(centre);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(0);
    box->addWidget(middle_, 1);
    box->addWidget(hud_);
    setCentralWidget(centre);

    statusRow_ = new StatusRow(this);
    setStatusBar(statusRow_);
    buildDocks();

    views_ = makeViews(context_);
    for (View* view : views_) {
        middle_->addWidget(view);
        if (QWidget* panel = view->properties()) properties_->addWidget(panel);
    }
    dropFrame_ = new DropFrame(this);
}

void MainWindow::buildDocks() {
    problemRows_ = new ProblemRows(problems_, ProblemRows::Show::OpenOnes);
    closeGuard_ = new CloseGuard(link_);
    auto* rows = new QWidget(this);
    auto* box = new QVBoxLayout(rows);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(1);
    box->addWidget(problemRows_);
    box->addWidget(closeGuard_);
    problemBar_ = new FixedBar(this, QStringLiteral("problemToolBar"), rows);
    addToolBar(Qt::BottomToolBarArea, problemBar_);

    project_ = new ProjectDock(context_);
    projectDock_ = makeDock(this, QStringLiteral("projectDock"), tr("Project"), project_, project_->head());
    projectDock_->setMinimumWidth(176);
    properties_ = new QStackedWidget;
    propertiesDock_ = makeDock(this, QStringLiteral("propertiesDock"), tr("Properties"), properties_, nullptr);
    propertiesDock_->setMinimumWidth(288);
    panel_ = new BottomPanel(link_, problems_);
    panelDock_ = makeDock(this, QStringLiteral("panelDock"), tr("Log, problems and jobs"), panel_, nullptr);
    panelDock_->setMinimumHeight(120);
    addDockWidget(Qt::LeftDockWidgetArea, projectDock_);
    addDockWidget(Qt::RightDockWidgetArea, propertiesDock_);
    addDockWidget(Qt::BottomDockWidgetArea, panelDock_);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    panelDock_->hide();
}

View* MainWindow::view(const QString& id) const {
    for (View* view : views_)
        if (view->id() == id) return view;
    return nullptr;
}

View* MainWindow::currentView() const { return qobject_cast<View*>(middle_->currentWidget()); }

void MainWindow::showView(const QString& id) {
    View* next = view(id);
    View* before = currentView();
    if (!next) return;
    if (before != next && before) before->setActive(false);
    middle_->setCurrentWidget(next);
    if (QWidget* panel = next->properties()) properties_->setCurrentWidget(panel);
    next->setActive(true);
    if (!palette_ || !palette_->isVisible()) next->setFocus(Qt::OtherFocusReason);
    runBar_->setCurrentTab(id);
    applyDocks();
    actions_.refresh();
}

void MainWindow::applyDocks() {
    const View* current = currentView();
    const bool working = current && current->id() != QLatin1String("start") && !docksHidden_;
    projectDock_->setVisible(working && projectWanted_);
    propertiesDock_->setVisible(working && propertiesWanted_ && const_cast<View*>(current)->properties());
    if (working && !sized_ && isVisible()) sizeDocks();
}

void MainWindow::sizeDocks() {
    sized_ = true;
    const bool wide = width() >= kWide;
    resizeDocks({projectDock_, propertiesDock_}, {wide ? 256 : 216, wide ? 344 : 304}, Qt::Horizontal);
    resizeDocks({panelDock_}, {200}, Qt::Vertical);
}

void MainWindow::setDocksHidden(bool hidden) {
    docksHidden_ = hidden;
    applyDocks();
}

void MainWindow::showPanel(int page) {
    const bool same = panelDock_->isVisible() && panel_->page() == page;
    panel_->showPage(page);
    panelDock_->setVisible(!same);
}

void MainWindow::restoreDefaultLayout() {
    projectWanted_ = propertiesWanted_ = true;
    docksHidden_ = false;
    panelDock_->hide();
    addDockWidget(Qt::LeftDockWidgetArea, projectDock_);
    addDockWidget(Qt::RightDockWidgetArea, propertiesDock_);
    addDockWidget(Qt::BottomDockWidgetArea, panelDock_);
    applyDocks();
    sizeDocks();
    for (const char* id : {"view.project", "view.properties"})
        if (QAction* action = actions_.find(QLatin1String(id))) action->setChecked(true);
}

void MainWindow::saveLayout() {
    settings_->setValue(QStringLiteral("window/geometry"), saveGeometry());
    // The Start page shows no docks; they are written as the working views have them.
    const bool start = currentView() && currentView()->id() == QLatin1String("start");
    if (start && sized_) {
        projectDock_->setVisible(true);
        propertiesDock_->setVisible(true);
    }
    if (sized_) settings_->setValue(QStringLiteral("window/state"), saveState(kLayoutVersion));
    if (start) applyDocks();
    settings_->setValue(QStringLiteral("window/project"), projectWanted_);
    settings_->setValue(QStringLiteral("window/properties"), propertiesWanted_);
    settings_->sync();
}

void MainWindow::loadLayout() {
    if (!restoreGeometry(settings_->value(QStringLiteral("window/geometry")).toByteArray())) {
        const QRect room = screen()->availableGeometry();
        resize(room.size().boundedTo(QSize(1440, 900)));
    }
    projectWanted_ = settings_->value(QStringLiteral("window/project"), true).toBool();
    propertiesWanted_ = settings_->value(QStringLiteral("window/properties"), true).toBool();
    sized_ = restoreState(settings_->value(QStringLiteral("window/state")).toByteArray(), kLayoutVersion);
    problemBar_->setVisible(problemRows_->count() > 0);
    const QString theme = settings_->value(QStringLiteral("theme"), QStringLiteral("system")).toString();
    if (settings_->contains(QStringLiteral("theme")))
        Theme::instance().setChoice(theme == QLatin1String("dark")    ? Theme::Choice::Dark
                                    : theme == QLatin1String("light") ? Theme::Choice::Light
                                                                      : Theme::Choice::System);
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    applyDocks();
    if (currentView()) currentView()->setFocus();  // not the find field, which comes first in the row
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    if (palette_) palette_->hide();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    saveLayout();
    if (closeGuard_->mayClose()) {
        event->accept();
        return;
    }
    event->ignore();
}

void MainWindow::setDropHighlight(bool on) { dropFrame_->setShown(on); }

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!Opener::accepts(*event->mimeData())) return;
    event->acceptProposedAction();
    setDropHighlight(true);
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*) { setDropHighlight(false); }

void MainWindow::dropEvent(QDropEvent* event) {
    setDropHighlight(false);
    if (opener_->open(*event->mimeData()))
        event->acceptProposedAction();
    else
        report(QStringLiteral("warning"), tr("Nothing in that drop can be opened"),
               tr("Drop an image, a folder of images, a checkpoint (.pth, .pt, .bin, .safetensors) or a run folder."));
}

void MainWindow::tick() {
    const MachineInfo& machine = link_.engine().machine();
    statusRow_->showMachine(machine);
    const double used = processMemoryGb();
    statusRow_->showMemory(used > 0 ? used : machine.memoryUsedGb, machine.memoryTotalGb);
    statusRow_->showRun(link_.status(), double(QDateTime::currentMSecsSinceEpoch()) / 1000);
}

}  // namespace vl
