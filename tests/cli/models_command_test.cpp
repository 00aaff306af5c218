// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/api/model_spec.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

using nlohmann::json;

TEST(ModelsCommand, MakesTheCommittedDocument) {
    const Scratch scratch;
    const Outcome outcome = runProgram({"models", "--markdown"}, scratch.path());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    std::ifstream stream(std::string(VL_SOURCE_DIR) + "/docs/models.md");
    const std::string committed(std::istreambuf_iterator<char>(stream), {});
    EXPECT_TRUE(outcome.out == committed) << "run `visionllama models --markdown > docs/models.md`";
    EXPECT_NE(committed.find("`visionllama models --markdown`"), std::string::npos);
    for (const ModelSpec& spec : modelPresets())
        EXPECT_NE(committed.find("| `" + spec.name + "` |"), std::string::npos) << spec.name;
}

/// Rows of published figures: the last but one column says "equal" or points to a reason below the tables.
TEST(ModelsCommand, ExplainsEveryFigureThatDiffers) {
    const Scratch scratch;
    const std::string text = runProgram({"models", "--markdown"}, scratch.path()).out;
    std::size_t differing = 0;
    for (std::size_t at = text.find("## Published figures"); (at = text.find(" (", at)) != std::string::npos; ++at)
        if (text.compare(at, 8, " () | ") == 0) ++differing;
    EXPECT_EQ(differing, 0u);
    const std::size_t reasons = text.find("Why the others differ:");
    ASSERT_NE(reasons, std::string::npos);
    EXPECT_EQ(text.find(". \n", reasons), std::string::npos) << "a reason is empty";
}

TEST(ModelsCommand, ChoosesByTask) {
    const Scratch scratch;
    std::map<std::string, std::size_t> counts;
    for (const ModelSpec& spec : modelPresets())
        ++counts[toString(spec.task())];
    for (const auto& [task, count] : counts) {
        const Outcome outcome = runProgram({"models", "--task", task, "--json"}, scratch.path());
        ASSERT_EQ(outcome.code, 0) << outcome.err;
        EXPECT_EQ(json::parse(outcome.out).size(), count) << task;
    }
    EXPECT_EQ(runProgram({"models", "--task", "drive"}, scratch.path()).code, 2);
}

TEST(ModelsCommand, ListsWhatLayersHoldAndCost) {
    const Scratch scratch;
    const Outcome outcome = runProgram({"models", "--layers", "illama_tiny", "--json"}, scratch.path());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const json model = json::parse(outcome.out);
    std::int64_t parameters = 0, macs = 0;
    for (const json& layer : model.at("layers")) {
        parameters += layer.at("parameters").get<std::int64_t>();
        macs += layer.at("macs").get<std::int64_t>();
    }
    EXPECT_EQ(parameters, 5'701'096);
    EXPECT_EQ(model.at("macs"), macs);
    const Outcome text = runProgram({"models", "--layers", "illama_tiny"}, scratch.path());
    EXPECT_NE(text.out.find("blocks.11.mlp"), std::string::npos);
    EXPECT_NE(text.out.find("5,701,096"), std::string::npos);
    const Outcome unknown = runProgram({"models", "--layers", "illama_tyni"}, scratch.path());
    EXPECT_EQ(unknown.code, 1);
    EXPECT_EQ(unknown.errorLines(), 1);
    EXPECT_NE(unknown.err.find("illama_tiny"), std::string::npos) << unknown.err;
}

}  // namespace
}  // namespace vl::test
