// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/screenshots.h"

#include <algorithm>
#include <cstdio>

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QEventLoop>
#include <QTimer>

#include "app/studio/hud/hud_host.h"
#include "app/studio/shell/action_registry.h"
#include "app/studio/shell/command_palette.h"
#include "app/studio/shell/help_window.h"
#include "app/studio/shell/main_window.h"
#include "app/studio/shell/opener.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/resource_paths.h"
#include "widgets/theme.h"

namespace vl {
namespace {

constexpr int kPatienceMs = 20'000, kSettleMs = 250;

/// Runs the event loop until `done` or the patience ends; event driven, polled at the link's own pace.
template <typename Done>
bool waitFor(int milliseconds, Done done) {
    QElapsedTimer clock;
    clock.start();
    while (!done()) {
        if (clock.elapsed() > milliseconds) return false;
        QEventLoop loop;
        QTimer::singleShot(20, &loop, &QEventLoop::quit);
        loop.exec();
    }
    return true;
}

void settle() {
    waitFor(kSettleMs, [] { return false; });
}

std::filesystem::path firstSample() {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator it(resourceFolder() / "samples", error), end; !error && it != end; it.increment(error))
        if (it->path().extension() == ".png") files.push_back(it->path());
    return files.empty() ? std::filesystem::path() : *std::min_element(files.begin(), files.end());
}

bool write(QWidget& widget, const ScreenshotPlan& plan, const QString& name) {
    const QString file = QDir(fromPath(plan.folder)).filePath(name + QStringLiteral(".png"));
    const bool done = widget.grab().save(file);
    std::printf("%s %s\n", done ? "wrote" : "could not write", qPrintable(file));
    return done;
}

void load(MainWindow& window, const ScreenshotPlan& plan) {
    StudioContext& context = window.context();
    waitFor(kPatienceMs, [&] { return context.link.engine().machine().cores > 0; });
    context.runs.waitForReads();
    settle();
    std::filesystem::path run = plan.run;
    if (run.empty() && !context.runs.runs().empty()) run = context.runs.runs().front()->folder;
    if (!run.empty()) {
        context.runs.open(run);
        waitFor(kPatienceMs, [&] {
            const auto stored = context.runs.find(run);
            return stored && stored->visible;
        });
        context.selection.setRun(run);
    }
    std::vector<std::filesystem::path> paths;
    for (const QString& path : plan.paths) paths.push_back(toPath(path));
    if (paths.empty() && !firstSample().empty()) paths.push_back(firstSample());
    for (const auto& path : paths) window.openPath(path);
    waitFor(kPatienceMs, [&] { return window.opener().pending() == 0; });
    if (!paths.empty() && window.view(QStringLiteral("inspect")))
        waitFor(kPatienceMs, [&] { return context.link.inspection() != nullptr || !window.problems().all().empty(); });
}

bool oneTheme(MainWindow& window, const ScreenshotPlan& plan, const QString& theme) {
    Theme::instance().setChoice(theme == QLatin1String("dark") ? Theme::Choice::Dark : Theme::Choice::Light);
    bool done = true;
    for (View* view : window.views()) {
        window.showView(view->id());
        view->prepareForScreenshot();
        waitFor(kPatienceMs, [&] { return !window.context().link.engine().checkpoint().busy; });
        settle();
        done &= write(window, plan, QStringLiteral("%1-%2").arg(view->id(), theme));
    }
    if (window.hud().whyUnavailable().isEmpty() && window.view(QStringLiteral("train"))) {
        window.showView(QStringLiteral("train"));
        if (const auto run = window.context().runs.find(window.context().selection.run())) window.hud().setRecorded(run->record.steps);
        window.hud().setShown(true);
        settle();
        done &= write(window, plan, QStringLiteral("hud-%1").arg(theme));
        window.hud().setShown(false);
    }
    window.palette().open();
    window.palette().field()->setText(QStringLiteral("check"));
    settle();
    done &= write(window, plan, QStringLiteral("palette-%1").arg(theme));
    window.palette().hide();
    HelpWindow help(window.actions(), &window);
    help.show();
    settle();
    done &= write(help, plan, QStringLiteral("shortcuts-%1").arg(theme));
    help.close();
    return done;
}

}  // namespace

bool takeScreenshots(MainWindow& window, const ScreenshotPlan& plan) {
    QDir().mkpath(fromPath(plan.folder));
    window.resize(plan.size);
    window.show();
    load(window, plan);
    window.restoreDefaultLayout();
    window.problems().dismissAll();
    bool done = true;
    for (const char* theme : {"dark", "light"})
        if (plan.theme == QLatin1String("both") || plan.theme == QLatin1String(theme))
            done &= oneTheme(window, plan, QLatin1String(theme));
    return done;
}

}  // namespace vl
