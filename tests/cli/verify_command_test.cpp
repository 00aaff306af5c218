// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/cuda/loader.h"
#include "engine/verify/verify.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kGolden = fs::path(VL_SOURCE_DIR) / "tests/golden";
const std::string kCase = (kGolden / "illama_tiny_224_alpha1.0.json").string();
const std::string kUnknown = (kGolden / "recipe_schedules.json").string();

/// The same case with one block's recorded norm changed.
fs::path damaged(const Scratch& scratch) {
    std::ifstream stream(kCase);
    json recorded = json::parse(stream);
    recorded["blocks"][4]["l2"] = recorded["blocks"][4]["l2"].get<double>() * 1.01;
    return scratch.write("damaged.json", recorded.dump());
}

TEST(VerifyCommand, PrintsOneRowForAGroupOfBlocks) {
    const Scratch scratch;
    const Outcome outcome = runProgram({"verify", kCase}, scratch.path());
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("blocks.0-11"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("logits"), std::string::npos);
    EXPECT_NE(outcome.out.find("pass: "), std::string::npos);
    EXPECT_EQ(outcome.out.find("miss"), std::string::npos);
    EXPECT_EQ(outcome.err, "");
}

TEST(VerifyCommand, NamesWhatMissesAndEndsWithOne) {
    const Scratch scratch;
    const Outcome outcome = runProgram({"verify", damaged(scratch).string()}, scratch.path());
    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.out.find("miss"), std::string::npos);
    EXPECT_NE(outcome.out.find("blocks.4 norm"), std::string::npos) << outcome.out;
}

TEST(VerifyCommand, SaysWhichKindsItKnows) {
    const Scratch scratch;
    const Outcome outcome = runProgram({"verify", kUnknown}, scratch.path());
    EXPECT_EQ(outcome.code, 3);
    EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
    for (const CaseKind& kind : caseKinds())
        EXPECT_NE(outcome.err.find(kind.kind), std::string::npos) << kind.kind;
    const Outcome list = runProgram({"verify", "--list"}, scratch.path());
    EXPECT_EQ(list.code, 0);
    EXPECT_EQ(static_cast<std::size_t>(std::count(list.out.begin(), list.out.end(), '\n')), caseKinds().size());
}

TEST(VerifyCommand, ReplaysEveryFileAndTheWorstCodeWins) {
    const Scratch scratch;
    fs::create_directory(scratch.path() / "cases");
    fs::copy_file(kUnknown, scratch.path() / "cases/a.json");
    fs::copy_file(kCase, scratch.path() / "cases/b.json");
    scratch.write("cases/ignored.txt", "");
    const Outcome folder = runProgram({"verify", "cases", "--json"}, scratch.path());
    EXPECT_EQ(folder.code, 3) << folder.err;
    const json list = json::parse(folder.out);
    ASSERT_EQ(list.size(), 2u);
    EXPECT_FALSE(list[0].at("problem").get<std::string>().empty());
    EXPECT_TRUE(list[1].at("passed").get<bool>());
    EXPECT_EQ(list[1].at("quantities").back().at("passed"), true);
    const Outcome all =
        runProgram({"verify", damaged(scratch).string(), "nowhere.json", "cases/a.json"}, scratch.path());
    EXPECT_EQ(all.code, 1);
    EXPECT_NE(all.out.find("3 cases: 0 pass, 2 miss, 1 of a kind"), std::string::npos) << all.out;
}

TEST(VerifyCommand, RefusesInOneSentence) {
    const Scratch scratch;
    fs::create_directory(scratch.path() / "empty");
    EXPECT_EQ(runProgram({"verify"}, scratch.path()).code, 2);
    EXPECT_EQ(runProgram({"verify", kCase, "--precision", "fp8"}, scratch.path()).code, 2);
    for (const std::string& file : {std::string("empty"), scratch.write("no.json", "{").string()}) {
        const Outcome outcome = runProgram({"verify", file}, scratch.path());
        EXPECT_EQ(outcome.code, 1);
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
    }
    if (!probeCuda().available) {
        const Outcome outcome = runProgram({"verify", kCase, "--device", "cuda"}, scratch.path());
        EXPECT_EQ(outcome.code, 1);
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
    }
}

TEST(VerifyCommand, ReplaysInOtherPrecisions) {
    const Scratch scratch;
    EXPECT_EQ(runProgram({"verify", kCase, "--precision", "fp64"}, scratch.path()).code, 0);
    EXPECT_EQ(runProgram({"verify", kCase, "--precision", "bf16"}, scratch.path()).code, 0);
}

}  // namespace
}  // namespace vl::test
