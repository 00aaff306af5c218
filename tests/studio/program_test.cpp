// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/program.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace vl {
namespace {

std::unique_ptr<Engine> noEngine(const EngineOptions&) {
    ADD_FAILURE() << "arguments like these need no engine";
    return nullptr;
}

int run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "visionllama-studio");
    std::vector<char*> argv;
    for (std::string& each : arguments) argv.push_back(each.data());
    argv.push_back(nullptr);
    return runStudio(int(arguments.size()), argv.data(), &noEngine);
}

TEST(Program, VersionAndHelpNeedNeitherDisplayNorEngine) {
    EXPECT_EQ(run({"--version"}), 0);
    EXPECT_EQ(run({"--help"}), 0);
}

TEST(Program, WrongArgumentsAreUsageErrors) {
    EXPECT_EQ(run({"--no-such-option"}), 2);
    EXPECT_EQ(run({"--size", "5x5"}), 2);
    EXPECT_EQ(run({"--size", "wide"}), 2);
    EXPECT_EQ(run({"--scale", "0"}), 2);
    EXPECT_EQ(run({"--theme", "blue"}), 2);
    EXPECT_EQ(run({"--measure-cost", "0"}), 2);
    EXPECT_EQ(run({"--measure-cost", "long"}), 2);
}

}  // namespace
}  // namespace vl
