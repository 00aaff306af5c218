// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "app/studio/shell/main_window.h"
#include "tests/studio/support/fake_engine.h"

namespace vl {

/// Runs the event loop until `done` holds; false after `milliseconds`. For work that background threads finish.
bool waitUntil(const std::function<bool()>& done, int milliseconds = 10'000);

/// A whole window over a fake engine, with settings and runs of its own in a folder that dies with the test.
class StudioFixture : public ::testing::Test {
protected:
    StudioFixture();
    ~StudioFixture() override;

    /// A file in the test's folder; returns its path.
    std::filesystem::path file(const std::string& name, const std::string& bytes) const;
    /// A small grey PNG.
    std::filesystem::path picture(const std::string& name) const;
    /// Sends what a file manager would: enter, then drop, on the window.
    void drop(const std::filesystem::path& path);
    bool openedAll();
    /// The run in training has just written a checkpoint, and the window knows.
    void saveCheckpoint(std::int64_t step);
    EngineLink& link() { return window_->context().link; }
    QString lastProblem() const;
    void reopen();       ///< closes the window and makes another one, as the next start would

    QTemporaryDir folder_;
    FakeEngine engine_;
    std::unique_ptr<MainWindow> window_;
};

}  // namespace vl
