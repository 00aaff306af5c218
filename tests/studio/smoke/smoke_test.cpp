// SPDX-License-Identifier: GPL-3.0-or-later
// The studio over the real engine, once around: look at a picture, train, pause, go on, stop, close. Run under
// `offscreen` and, with the live HUD, under a display with GL.
#include <algorithm>

#include <QApplication>
#include <QMimeData>
#include <QPushButton>
#include <QTemporaryDir>
#include <QUrl>

#include <gtest/gtest.h>

#include "app/studio/hud/hud_host.h"
#include "app/studio/hud/hud_widget.h"
#include "app/studio/shell/close_guard.h"
#include "app/studio/shell/main_window.h"
#include "app/studio/shell/opener.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/core/resource_paths.h"
#include "tests/studio/support/studio_fixture.h"
#include "widgets/marks.h"

namespace vl {
namespace {

constexpr int kPatienceMs = 90'000;  // a loaded machine with two cores

/// A few seconds of real training: the smallest preset, little data, no evaluation on the way.
RunSettings tinyRun() {
    RunSettings settings;
    settings.name = "smoke";
    settings.data.limit = 256;
    settings.data.batch = 4;
    settings.train.maxSteps = 100'000;  // stop ends it
    settings.train.epochs = 2000;
    settings.train.warmupEpochs = 1;
    settings.train.threads = 1;
    settings.eval.everySteps = 0;
    settings.eval.limit = 32;
    settings.checkpoint.every = 0;
    return settings;
}

/// Whether `wanted` occurs in `seen` in this order, other states between allowed.
bool inOrder(const std::vector<RunState>& seen, const std::vector<RunState>& wanted) {
    auto next = wanted.begin();
    for (const RunState state : seen)
        if (next != wanted.end() && state == *next) ++next;
    return next == wanted.end();
}

bool somethingDrawn(const QImage& picture) {
    const QRgb ground = picture.pixel(2, 2);
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            if (picture.pixel(x, y) != ground) return true;
    return false;
}

class Smoke : public ::testing::Test {
protected:
    void SetUp() override {
        qputenv("VISIONLLAMA_CONFIG", folder_.filePath("config").toUtf8());
        EngineOptions options;
        options.resources = resourceFolder();
        options.threads = 1;
        engine_ = makeEngine(options);
        window_ = std::make_unique<MainWindow>(*engine_, toPath(folder_.filePath("runs")));
        window_->resize(1280, 800);
        window_->show();
        QObject::connect(&link(), &EngineLink::statusChanged, window_.get(), [this] {
            if (states_.empty() || states_.back() != link().status().state) states_.push_back(link().status().state);
        });
    }
    void TearDown() override {
        window_.reset();
        engine_.reset();
    }
    EngineLink& link() { return window_->context().link; }
    void click(const char* id) { window_->findChild<QPushButton*>(QLatin1String(id))->click(); }
    bool reach(RunState state) {
        return waitUntil([&] { return link().status().state == state || link().status().state == RunState::Failed; }, kPatienceMs) &&
               link().status().state == state;
    }
    bool moreSteps(std::size_t count) {
        const std::size_t wanted = link().steps().size() + count;
        return waitUntil([&] { return link().steps().size() >= wanted || link().status().state == RunState::Failed; }, kPatienceMs) &&
               link().steps().size() >= wanted;
    }

    QTemporaryDir folder_;
    std::unique_ptr<Engine> engine_;
    std::unique_ptr<MainWindow> window_;
    std::vector<RunState> states_;
};

TEST_F(Smoke, LooksTrainsPausesGoesOnStopsAndCloses) {
    // A picture dropped on the window is selected; with the demo model there it is answered, too.
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(fromPath(resourceFolder() / "samples" / "01-bag.png"))});
    ASSERT_TRUE(window_->opener().open(mime));
    ASSERT_TRUE(waitUntil([this] { return window_->context().selection.image().name == QStringLiteral("01-bag.png"); }, kPatienceMs));
    ASSERT_TRUE(waitUntil([this] { return link().inspection() || !window_->problems().all().empty(); }, kPatienceMs));
    if (link().inspection()) {
        EXPECT_EQ(link().inspection()->input.width, 32);
    }

    link().engine().start(tinyRun(), window_->context().runs.runsFolder());
    ASSERT_TRUE(reach(RunState::Running)) << link().status().problem;
    ASSERT_TRUE(moreSteps(3)) << link().status().problem;

    if (window_->hud().whyUnavailable().isEmpty()) {
        window_->hud().setShown(true);
        auto* hud = window_->hud().findChild<HudWidget*>();
        ASSERT_NE(hud, nullptr);
        ASSERT_TRUE(waitUntil([&] { return hud->framesDrawn() > 2; }, kPatienceMs));
        // How tall the panel is, and so where its lines stand, is the window manager's choice: any pixel counts.
        EXPECT_TRUE(waitUntil([&] { return somethingDrawn(hud->grabFramebuffer()); }, kPatienceMs));
        window_->hud().setShown(false);
    } else {
        EXPECT_NE(QApplication::platformName(), QStringLiteral("xcb")) << window_->hud().whyUnavailable().toStdString();
    }

    click("run.pause");
    ASSERT_TRUE(reach(RunState::Paused));
    link().poll();
    const std::int64_t pausedAt = link().status().step;
    EXPECT_EQ(link().steps().back().step, pausedAt);  // what is confirmed is what was drawn

    click("run.start");
    ASSERT_TRUE(reach(RunState::Running));
    ASSERT_TRUE(moreSteps(2));
    click("run.stop");
    ASSERT_TRUE(reach(RunState::Finished)) << link().status().problem;
    EXPECT_GT(link().status().step, pausedAt);
    EXPECT_EQ(link().status().savedStep, link().status().step);
    EXPECT_TRUE(std::filesystem::exists(link().status().folder / "checkpoints" / "last.safetensors"));
    EXPECT_TRUE(inOrder(states_, {RunState::Running, RunState::Paused, RunState::Running, RunState::Finished}));
    for (std::size_t i = 1; i < link().steps().size(); ++i) EXPECT_EQ(link().steps()[i].step, link().steps()[i - 1].step + 1);

    const auto& runs = window_->context().runs.runs();
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_TRUE(waitUntil([&] { return !runs[0]->record.checkpoints.empty(); }, kPatienceMs));

    window_->close();
    ASSERT_TRUE(waitUntil([this] { return window_->closeGuard().phase() == CloseGuard::Phase::Done; }, kPatienceMs));
    EXPECT_FALSE(window_->isVisible());
}

TEST_F(Smoke, ClosingDuringARunSavesIt) {
    link().engine().start(tinyRun(), window_->context().runs.runsFolder());
    ASSERT_TRUE(reach(RunState::Running)) << link().status().problem;
    ASSERT_TRUE(moreSteps(1));
    const std::filesystem::path run = link().status().folder;
    window_->close();
    ASSERT_EQ(window_->closeGuard().phase(), CloseGuard::Phase::Asking);
    window_->closeGuard().saveAndClose();
    ASSERT_TRUE(waitUntil([this] { return window_->closeGuard().phase() == CloseGuard::Phase::Done; }, kPatienceMs));
    EXPECT_TRUE(std::filesystem::exists(run / "checkpoints" / "last.safetensors"));
}

}  // namespace
}  // namespace vl
