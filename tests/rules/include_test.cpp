// SPDX-License-Identifier: Apache-2.0
#include "tests/rules/tree.h"

#include <gtest/gtest.h>

#include <map>
#include <string_view>

namespace vl::test {
namespace {

bool isTorch(const std::string& include) {
    for (const std::string_view root : {"torch/", "ATen/", "c10/", "caffe2/"}) {
        if (include.rfind(root, 0) == 0) {
            return true;
        }
    }
    return false;
}

/// Engine rings from the inside out; a ring includes itself and those before it.
const std::vector<std::string> kRings = {"core",       "api",   "io",     "data",      "cuda",
                                         "ops",        "nn",    "models", "diffusion", "analysis",
                                         "checkpoint", "tasks", "metrics", "dense",  "generate", "train",
                                         "verify",     "session"};

std::size_t ringOf(const std::string& include) {
    for (std::size_t i = 0; i < kRings.size(); ++i) {
        if (include.rfind("engine/" + kRings[i] + "/", 0) == 0) {
            return i;
        }
    }
    return 0;
}

/// Our own headers a file reaches, itself first, found through the quoted paths from the top of the tree.
void follow(const fs::path& file, std::map<fs::path, fs::path>& from) {
    for (const std::string& line : readLines(file)) {
        const std::string include = includedFile(line);
        const fs::path target = sourceRoot() / include;
        if (!include.empty() && fs::is_regular_file(target) && from.emplace(target, file).second) {
            follow(target, from);
        }
    }
}

TEST(Includes, AreRecognisedInEverySpelling) {
    EXPECT_EQ(includedFile("#include <ATen/ATen.h>"), "ATen/ATen.h");
    EXPECT_EQ(includedFile("  #  include \"engine/core/error.h\"  // why"), "engine/core/error.h");
    EXPECT_EQ(includedFile("// #include <torch/torch.h>"), "");
    EXPECT_EQ(includedFile("#pragma once"), "");
    EXPECT_TRUE(isTorch("c10/core/Device.h"));
    EXPECT_FALSE(isTorch("engine/ops/rope.h"));
}

// Also through our own headers: a border that holds only for direct includes does not hold.
TEST(Includes, NoTorchHeaderReachesTheGuiOrTheTorchFreeRings) {
    for (const fs::path& file : codeFiles({"widgets", "app/studio", "engine/core", "engine/api", "engine/io",
                                           "engine/data", "engine/cuda", "tests/widgets", "tests/studio"})) {
        std::map<fs::path, fs::path> from;
        from.emplace(file, file);
        follow(file, from);
        for (const auto& [header, includer] : from) {
            for (const std::string& line : readLines(header)) {
                EXPECT_FALSE(isTorch(includedFile(line)))
                    << shortName(file) << " reaches " << line << " in " << shortName(header) << ", included by "
                    << shortName(includer);
            }
        }
    }
}

TEST(Includes, RingsNeverIncludeUpwards) {
    for (std::size_t ring = 0; ring < kRings.size(); ++ring) {
        for (const fs::path& file : codeFiles("engine/" + kRings[ring])) {
            for (const std::string& line : readLines(file)) {
                const std::string include = includedFile(line);
                EXPECT_LE(ringOf(include), ring) << shortName(file) << ": " << line;
                EXPECT_TRUE(include.rfind("app/", 0) != 0 && include.rfind("widgets/", 0) != 0)
                    << shortName(file) << ": " << line;
            }
        }
    }
}

TEST(Includes, TheEngineKnowsNoQt) {
    for (const fs::path& file : codeFiles({"engine", "app/cli"})) {
        for (const std::string& line : readLines(file)) {
            const std::string include = includedFile(line);
            EXPECT_FALSE(include.size() > 1 && include[0] == 'Q' &&
                         std::isupper(static_cast<unsigned char>(include[1])))
                << shortName(file) << ": " << line;
        }
    }
}

// Widgets know value types, not the engine at work; the studio sees the facade and the loader-free helpers only.
TEST(Includes, TheGuiSeesOnlyTheEnginesOuterFace) {
    for (const fs::path& file : codeFiles({"widgets"})) {
        for (const std::string& line : readLines(file)) {
            EXPECT_NE(includedFile(line).rfind("app/", 0), 0U) << shortName(file) << ": " << line;
        }
    }
    for (const fs::path& file : codeFiles({"widgets", "app/studio"})) {
        for (const std::string& line : readLines(file)) {
            const std::string include = includedFile(line);
            for (const std::string ring : {"ops", "nn", "models", "train"}) {
                EXPECT_NE(include.rfind("engine/" + ring + "/", 0), 0U) << shortName(file) << ": " << line;
            }
        }
    }
}

}  // namespace
}  // namespace vl::test
