// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include <QMainWindow>
#include <QPointer>

#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/problem_list.h"
#include "app/studio/shell/run_controls.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/view.h"

class QDockWidget;
class QSettings;
class QStackedWidget;
class QToolBar;

namespace vl {

class BottomPanel;
class CloseGuard;
class CommandPalette;
class DropFrame;
class HelpWindow;
class HudHost;
class Opener;
class ProblemRows;
class ProjectDock;
class RunBar;
class StatusRow;
class TopRow;

/// The studio's window: menu and run rows, the views in the middle, project and properties beside them, problems and
/// status below. It owns what the views share and turns what the user asks for into engine commands.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(Engine& engine, std::filesystem::path runsFolder, QWidget* parent = nullptr);
    ~MainWindow() override;

    StudioContext& context() { return context_; }
    ActionRegistry& actions() { return actions_; }
    ProblemList& problems() { return problems_; }
    Opener& opener() { return *opener_; }
    CommandPalette& palette() { return *palette_; }
    CloseGuard& closeGuard() { return *closeGuard_; }
    HudHost& hud() { return *hud_; }

    const std::vector<View*>& views() const { return views_; }
    View* view(const QString& id) const;
    View* currentView() const;
    void showView(const QString& id);
    void openPath(const std::filesystem::path& path);

    // What the run controls do; all of them only ask, the engine confirms.
    void runOrContinue();
    void startDemo();
    void ask(RunRequest request);
    RunRequest pendingRequest() const { return request_; }

    void restoreDefaultLayout();
    void saveLayout();
    /// Project and properties beside the view, both or none.
    void setDocksHidden(bool hidden);
    void showPanel(int page);

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void buildDocks();
    void buildMenus();
    void connectAll();
    void addFileActions();
    void addRunActions();
    void addViewActions();
    void addHelpActions();
    void loadLayout();
    void loadKeys();
    void saveKey(const QString& id);
    void sizeDocks();
    void applyDocks();
    void tick();
    QAction* toggle(const QString& id, const QString& text, const QKeySequence& key, bool on,
                    std::function<void(bool)> apply, const QString& icon = {});
    void setDropHighlight(bool on);
    void report(const QString& kind, const QString& message, const QString& hint);
    void onStatus();
    void onNotice(const Notice& notice);
    void chooseFile(const QString& title, const QString& filter);
    void chooseFolder();
    void paste();
    void newRun();
    void setRunRequest(RunRequest request);
    void offerSettings(const std::filesystem::path& file);
    void startSettings(const std::filesystem::path& file);
    void openRecent(int index);
    void remember(int kind, const QString& path, const QString& detail);

    std::unique_ptr<QSettings> settings_;
    EngineLink link_;
    Selection selection_;
    ActionRegistry actions_;
    RunStore runs_;
    ProblemList problems_;
    StudioContext context_;

    std::vector<View*> views_;
    QStackedWidget* middle_ = nullptr;
    QStackedWidget* properties_ = nullptr;
    QDockWidget* projectDock_ = nullptr;
    QDockWidget* propertiesDock_ = nullptr;
    QDockWidget* panelDock_ = nullptr;
    QToolBar* problemBar_ = nullptr;
    TopRow* topRow_ = nullptr;
    RunBar* runBar_ = nullptr;
    ProjectDock* project_ = nullptr;
    BottomPanel* panel_ = nullptr;
    ProblemRows* problemRows_ = nullptr;
    StatusRow* statusRow_ = nullptr;
    HudHost* hud_ = nullptr;
    Opener* opener_ = nullptr;
    CommandPalette* palette_ = nullptr;
    CloseGuard* closeGuard_ = nullptr;
    DropFrame* dropFrame_ = nullptr;
    QPointer<HelpWindow> help_;

    RunRequest request_ = RunRequest::None;
    RunStatus requestedAt_;
    RunState lastState_ = RunState::Idle;
    bool projectWanted_ = true, propertiesWanted_ = true, docksHidden_ = false, sized_ = false;
};

}  // namespace vl
