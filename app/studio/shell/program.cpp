// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/program.h"

#include <cstdio>

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>

#include "app/studio/shell/gui_cost.h"
#include "app/studio/shell/main_window.h"
#include "app/studio/shell/screenshots.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/error.h"
#include "engine/core/resource_paths.h"
#include "widgets/icons.h"
#include "widgets/theme.h"

namespace vl {
namespace {

constexpr int kSuccess = 0, kFailure = 1, kUsage = 2;

/// One line; messages of the engine end with a point of their own.
int complain(const QString& what, const QString& hint, int code) {
    const char* const stop = what.endsWith(QLatin1Char('.')) ? "" : ".";
    std::fprintf(stderr, "visionllama-studio: %s%s %s\n", qPrintable(what), stop, qPrintable(hint));
    return code;
}

struct Options {
    QString shots, theme = QStringLiteral("both"), size = QStringLiteral("1440x900"), scale = QStringLiteral("1"), run, runs, cost;
    int threads = 0;
    QStringList paths;
};

/// 0 and filled options, or an exit code wrapped as negative number minus one: -1 success, -3 usage.
int parse(const QStringList& arguments, Options& out) {
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Train, run and look inside vision transformers."));
    const QCommandLineOption help({QStringLiteral("h"), QStringLiteral("help")}, QStringLiteral("Shows this help."));
    const QCommandLineOption version({QStringLiteral("v"), QStringLiteral("version")}, QStringLiteral("Shows the version."));
    const QCommandLineOption shots(QStringLiteral("screenshots"), QStringLiteral("Writes a picture of every view and ends."), QStringLiteral("folder"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("dark, light or both (pictures); dark, light or system (window)."), QStringLiteral("theme"));
    const QCommandLineOption size(QStringLiteral("size"), QStringLiteral("Size of the window, e.g. 1440x900."), QStringLiteral("WxH"));
    const QCommandLineOption scale(QStringLiteral("scale"), QStringLiteral("Device pixel ratio, e.g. 2."), QStringLiteral("factor"));
    const QCommandLineOption cost(QStringLiteral("measure-cost"), QStringLiteral("Samples with the demo denoiser, trains the demo project in a temporary folder and prints steps per second with the window hidden and open, per view, from segments this long (4 is a good value); then ends."), QStringLiteral("seconds"));
    const QCommandLineOption run(QStringLiteral("run"), QStringLiteral("Run folder the pictures show; default: the newest."), QStringLiteral("folder"));
    const QCommandLineOption runs(QStringLiteral("runs"), QStringLiteral("Where runs are kept."), QStringLiteral("folder"));
    const QCommandLineOption threads(QStringLiteral("threads"), QStringLiteral("Compute threads; default: all cores."), QStringLiteral("n"));
    parser.addOptions({help, version, shots, theme, size, scale, cost, run, runs, threads});
    parser.addPositionalArgument(QStringLiteral("paths"), QStringLiteral("Images, checkpoints, run folders to open."), QStringLiteral("[path...]"));
    if (!parser.parse(arguments)) {
        complain(parser.errorText().remove(QLatin1Char('.')), QStringLiteral("Try --help."), kUsage);
        return -1 - kUsage;
    }
    if (parser.isSet(help)) {
        std::fputs(qPrintable(parser.helpText()), stdout);
        return -1;
    }
    if (parser.isSet(version)) {
        std::puts("visionllama-studio " VL_VERSION);
        return -1;
    }
    out.shots = parser.value(shots);
    if (parser.isSet(theme)) out.theme = parser.value(theme);
    if (parser.isSet(size)) out.size = parser.value(size);
    if (parser.isSet(scale)) out.scale = parser.value(scale);
    out.cost = parser.value(cost);
    if (parser.isSet(cost) && out.cost.isEmpty()) out.cost = QStringLiteral("0");
    out.run = parser.value(run);
    out.runs = parser.value(runs);
    out.threads = parser.value(threads).toInt();
    out.paths = parser.positionalArguments();
    return 0;
}

QSize sizeFrom(const QString& text) {
    const QStringList sides = text.split(QLatin1Char('x'));
    const QSize size(sides.value(0).toInt(), sides.value(1).toInt());
    return sides.size() == 2 && size.width() >= 800 && size.height() >= 500 && size.width() <= 8192 && size.height() <= 8192 ? size : QSize();
}

/// Arguments are read before QApplication exists: the scale must be known by then, and --help needs no display.
QStringList plainArguments(int argc, char** argv) {
    QStringList list;
    for (int i = 0; i < argc; ++i) list << QString::fromLocal8Bit(argv[i]);
    return list;
}

/// The studio's own arguments, Qt's ("-platform xcb") taken out; Qt reads those itself.
QStringList withoutQtArguments(const QStringList& all) {
    QStringList own;
    for (int i = 0; i < all.size(); ++i) {
        if (all[i] == QLatin1String("-platform") || all[i] == QLatin1String("-style")) {
            ++i;
            continue;
        }
        own << all[i];
    }
    return own;
}

}  // namespace

int runStudio(int argc, char** argv, EngineFactory makeEngine) {
    QElapsedTimer clock;
    clock.start();
    Options options;
    if (const int early = parse(withoutQtArguments(plainArguments(argc, argv)), options); early < 0) return -1 - early;
    const QSize size = sizeFrom(options.size);
    bool scaleOk = false;
    const double scale = options.scale.toDouble(&scaleOk);
    if (size.isEmpty()) return complain(QStringLiteral("--size must be like 1440x900"), QStringLiteral("At least 800x500."), kUsage);
    if (!QStringList{QStringLiteral("dark"), QStringLiteral("light"), QStringLiteral("both"), QStringLiteral("system")}.contains(options.theme))
        return complain(QStringLiteral("--theme must be dark, light, both or system"), {}, kUsage);
    if (!scaleOk || scale < 0.5 || scale > 4) return complain(QStringLiteral("--scale must lie between 0.5 and 4"), {}, kUsage);

    const double costSeconds = options.cost.toDouble();
    const bool shots = !options.shots.isEmpty(), measures = !options.cost.isEmpty();
    if (measures && !(costSeconds >= 0.5 && costSeconds <= 600))
        return complain(QStringLiteral("--measure-cost must lie between 0.5 and 600 seconds"), {}, kUsage);
    if ((shots || measures) && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    if (scale != 1) qputenv("QT_SCALE_FACTOR", options.scale.toLatin1());
    QApplication::setAttribute(Qt::AA_ShareOpenGLContexts);  // docks may move without losing their GL state
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("visionllama-studio"));
    QApplication::setApplicationDisplayName(QStringLiteral("VisionLLaMA Studio"));
    QApplication::setApplicationVersion(QStringLiteral(VL_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("visionllama-studio"));
    Theme::instance().install(application);
    QApplication::setWindowIcon(icon(QStringLiteral("layers"), Tone::Accent));
    if (options.theme == QLatin1String("dark")) Theme::instance().setChoice(Theme::Choice::Dark);
    if (options.theme == QLatin1String("light")) Theme::instance().setChoice(Theme::Choice::Light);

    try {
        EngineOptions engineOptions;
        engineOptions.resources = resourceFolder();
        engineOptions.threads = options.threads;
        const QTemporaryDir scratch;  // outlives engine and window; a measurement leaves neither a run nor settings behind
        if (measures) qputenv("VISIONLLAMA_CONFIG", scratch.filePath(QStringLiteral("config")).toUtf8());
        const std::unique_ptr<Engine> engine = makeEngine(engineOptions);
        const auto runs = measures                ? toPath(scratch.filePath(QStringLiteral("runs")))
                          : options.runs.isEmpty() ? defaultRunsFolder()
                                                   : toPath(options.runs);
        MainWindow window(*engine, runs);
        if (measures) {
            window.resize(size);
            const bool done = measureGuiCost(window, costSeconds);
            engine->shutdown();
            return done ? kSuccess : kFailure;
        }
        if (shots) {
            ScreenshotPlan plan{toPath(options.shots), size, options.theme, toPath(options.run), options.paths};
            const bool done = takeScreenshots(window, plan);
            engine->shutdown();
            return done ? kSuccess : kFailure;
        }
        window.show();
        if (qEnvironmentVariableIsSet("VISIONLLAMA_TIMING"))
            QTimer::singleShot(0, &window, [&] { std::fprintf(stderr, "window after %lld ms\n", static_cast<long long>(clock.elapsed())); });
        for (const QString& path : options.paths) window.openPath(toPath(path));
        return QApplication::exec();
    } catch (const Error& error) {
        return complain(QString::fromStdString(error.message()), QString::fromStdString(error.hint()), kFailure);
    }
}

}  // namespace vl
