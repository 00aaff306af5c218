// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/gui_cost.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

#include "app/studio/inspect/inspect_view.h"
#include "app/studio/shell/main_window.h"
#include "app/studio/shell/opener.h"
#include "engine/core/resource_paths.h"

namespace vl {
namespace {

constexpr int kPairs = 4, kSettleMs = 400, kHoverMs = 100, kPatienceMs = 60'000;

void liveFor(int milliseconds) {
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

template <typename Done>
bool waitFor(Done done) {
    QElapsedTimer clock;
    clock.start();
    while (!done() && clock.elapsed() < kPatienceMs) liveFor(20);
    return done();
}

void wait(bool open, int milliseconds) {
    if (open)
        liveFor(milliseconds);
    else
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

/// Steps of a long grid of samples, counted where no run is in progress.
class GenerationBench {
public:
    explicit GenerationBench(MainWindow& window) : window_(window), link_(window.context().link) {}

    bool begin() {
        SampleRequest request;
        request.id = kRequest;
        request.recipe.columnValues = {"0-5"};
        request.recipe.rowValues = {"4"};
        request.recipe.newSeedEachRow = request.recipe.newSeedEachColumn = true;
        request.recipe.base.steps = 10'000;  // ended by us
        request.previewEvery = 12;
        link_.engine().generate(request);
        waitFor([this] { return step() > 0 || look().state == GenerationState::Failed; });
        return look().state == GenerationState::Running;
    }
    double segment(const QString& view, bool open, int milliseconds) {
        if (open) {
            link_.setListening(true);
            window_.show();
            window_.showView(view);
        } else {
            window_.showView(QStringLiteral("start"));
            window_.hide();
            QCoreApplication::processEvents();
            link_.setListening(false);
        }
        wait(open, kSettleMs);
        QElapsedTimer clock;
        clock.start();
        const int before = step();
        wait(open, milliseconds);
        return 1000.0 * (step() - before) / double(clock.elapsed());
    }
    void end() {
        link_.setListening(true);
        link_.engine().stopGeneration();
        waitFor([this] { return !isActive(look().state); });
    }

private:
    static constexpr std::uint64_t kRequest = 1;
    static constexpr std::size_t kNoFrames = ~std::size_t{0};
    GenerationStatus look() const { return link_.engine().generation(kRequest, kNoFrames).status; }
    int step() const { return look().step; }

    MainWindow& window_;
    EngineLink& link_;
};

/// The real run and the real window, put into one of two states.
class Bench {
public:
    Bench(MainWindow& window, double seconds) : window_(window), link_(window.context().link), milliseconds_(int(seconds * 1000)) {
        QObject::connect(&hover_, &QTimer::timeout, &hover_, [this] { moveQuery(); });
    }

    bool begin() {
        RunSettings settings = loadSettings(findProject("fashion-illama"));
        settings.train.epochs = 1000;  // ended by us
        settings.eval.everySteps = 0;
        settings.checkpoint.every = 0;
        link_.engine().start(settings, window_.context().runs.runsFolder());
        const auto state = [this] { return link_.status().state; };
        waitFor([&] { return (state() == RunState::Running && link_.status().step > 0) || state() == RunState::Failed; });
        if (state() != RunState::Running) return false;
        window_.openPath(resourceFolder() / "samples" / "01-bag.png");
        waitFor([this] { return window_.opener().pending() == 0; });
        window_.context().selection.setModel({true, {}});
        return true;
    }

    double segment(const QString& view, bool open) {
        open ? show(view) : hide();
        wait(open, kSettleMs);
        const MetricsBatch before = link_.engine().metrics(link_.status().generation, cursor_, 0);
        wait(open, milliseconds_);
        const MetricsBatch during = link_.engine().metrics(before.generation, before.nextStep, 0);
        cursor_ = during.nextStep;
        hover_.stop();
        return stepRate(during.steps);
    }

private:
    void show(const QString& view) {
        link_.setListening(true);
        window_.show();
        window_.showView(view);
        inspect_ = dynamic_cast<InspectView*>(window_.view(view));
        if (inspect_) hover_.start(kHoverMs);
    }
    void hide() {
        window_.showView(QStringLiteral("start"));  // the views put down what they asked the engine for
        window_.hide();
        QCoreApplication::processEvents();
        link_.engine().cancelInspect();
        link_.setListening(false);
    }
    void moveQuery() {
        if (const auto shown = inspect_->shown(); shown && shown->geometry.tokens > 0)
            inspect_->setQuery(query_ = (query_ + 1) % shown->geometry.tokens);
    }

    MainWindow& window_;
    EngineLink& link_;
    InspectView* inspect_ = nullptr;
    QTimer hover_;
    std::size_t cursor_ = 0;
    int milliseconds_, query_ = 0;
};

QString line(const GuiCost& cost) {
    return QStringLiteral("%1 headless %2 steps/s  window open %3 steps/s  ratio %4\n")
        .arg(cost.view, -10).arg(median(cost.headless), 0, 'f', 1).arg(median(cost.open), 0, 'f', 1).arg(cost.ratio(), 0, 'f', 3);
}

}  // namespace

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double stepRate(std::span<const StepMetrics> rows) {
    if (rows.size() < 2) return 0;
    const double seconds = rows.back().seconds - rows.front().seconds;
    return seconds > 0 ? double(rows.back().step - rows.front().step) / seconds : 0;
}

double GuiCost::ratio() const {
    const double base = median(headless);
    return base > 0 ? median(open) / base : 0;
}

std::vector<GuiCost> measureViews(const QStringList& views, int pairs, const std::function<double(const QString&, bool)>& segment) {
    std::vector<GuiCost> costs;
    for (const QString& view : views) {
        GuiCost cost{view, {}, {}};
        segment(view, true);
        for (int pair = 0; pair < pairs; ++pair)
            for (const bool open : {pair % 2 == 1, pair % 2 == 0}) (open ? cost.open : cost.headless).push_back(segment(view, open));
        costs.push_back(std::move(cost));
    }
    return costs;
}

QString costReport(const std::vector<GuiCost>& costs) {
    QString text;
    GuiCost all{QStringLiteral("overall"), {}, {}};
    for (const GuiCost& cost : costs) {
        text += line(cost);
        all.headless.insert(all.headless.end(), cost.headless.begin(), cost.headless.end());
        all.open.insert(all.open.end(), cost.open.begin(), cost.open.end());
    }
    return text + line(all);
}

bool measureGuiCost(MainWindow& window, double seconds) {
    std::vector<GuiCost> sampling;
    GenerationBench generation(window);
    if (generation.begin()) {
        sampling = measureViews({QStringLiteral("generate")}, kPairs, [&](const QString& view, bool open) {
            return generation.segment(view, open, int(seconds * 1000));
        });
        generation.end();
    } else {
        const std::string problem = window.context().link.engine().generation(1, 0).status.problem;
        std::fprintf(stderr, "visionllama-studio: samples are not measured. %s\n", problem.c_str());
    }
    Bench bench(window, seconds);
    if (!bench.begin()) {
        const std::string& problem = window.context().link.status().problem;
        std::fprintf(stderr, "visionllama-studio: the run to be measured does not train. %s\n", problem.c_str());
        return false;
    }
    const QStringList views{QStringLiteral("train"), QStringLiteral("schedules"), QStringLiteral("inspect")};
    const auto costs = measureViews(views, kPairs, [&](const QString& view, bool open) { return bench.segment(view, open); });
    for (const GuiCost& cost : sampling)
        std::fputs(qPrintable(line(cost)), stdout);
    std::fputs(qPrintable(costReport(costs)), stdout);
    // A segment without steps: the run ended under us, or the segments are shorter than two steps.
    const bool counted = std::all_of(costs.begin(), costs.end(), [](const GuiCost& cost) { return cost.ratio() > 0; });
    if (!counted) std::fputs("visionllama-studio: too few steps were counted. Measure longer segments.\n", stderr);
    return counted;
}

}  // namespace vl
