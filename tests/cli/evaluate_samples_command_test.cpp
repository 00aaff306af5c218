// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/io/npz_file.h"
#include "tests/cli/program.h"

namespace vl::test {
namespace {

using Shape = std::vector<std::int64_t>;

/// `count` grey pictures of 28 x 28 with a square whose brightness and place follow from number and seed.
std::vector<std::byte> squares(int count, int seed) {
    constexpr int side = 28;
    std::vector<std::byte> pixels(static_cast<std::size_t>(count) * side * side);
    for (int i = 0; i < count; ++i)
        for (int y = 0; y < 12; ++y)
            for (int x = 0; x < 12; ++x) {
                const int left = (i * 5 + seed) % 16, top = (i * 3 + seed) % 16;
                pixels[static_cast<std::size_t>((i * side + y + top) * side + x + left)] =
                    static_cast<std::byte>(60 + (i * 37 + seed) % 190);
            }
    return pixels;
}

std::string writeSquares(const Scratch& scratch, const std::string& name, int count, int seed) {
    const auto file = scratch.path() / name;
    NpzWriter writer(file);
    writer.add("arr_0", "U8", {count, 28, 28}, squares(count, seed));
    std::vector<std::int64_t> labels;
    for (int i = 0; i < count; ++i)
        labels.push_back(i % 10);
    writer.add("arr_1", "I64", {count}, std::as_bytes(std::span(labels)));
    writer.commit();
    return file.string();
}

void writeMoments(const std::filesystem::path& file, std::int64_t width, double mean) {
    std::vector<double> mu(static_cast<std::size_t>(width), mean), sigma(static_cast<std::size_t>(width * width));
    for (std::int64_t i = 0; i < width; ++i)
        sigma[static_cast<std::size_t>(i * width + i)] = 1;
    NpzWriter writer(file);
    writer.add("mu", "F64", {width}, std::as_bytes(std::span(mu)));
    writer.add("sigma", "F64", {width, width}, std::as_bytes(std::span(sigma)));
    writer.commit();
}

TEST(EvaluateSamplesCommand, MeasuresOneSetAgainstItselfAsTheSame) {
    const Scratch scratch;
    const auto file = writeSquares(scratch, "a.npz", 40, 1);
    const Outcome outcome = runProgram({"evaluate-samples", file, "--reference", file, "--json", "-"}, scratch.path());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json.at("pictures"), 40);
    EXPECT_EQ(json.at("features"), 128);  // the demo model's width
    EXPECT_NEAR(json.at("frechet_distance").get<double>(), 0, 1e-3);
    EXPECT_EQ(json.at("precision"), 1.0);
    EXPECT_EQ(json.at("recall"), 1.0);
    EXPECT_GE(json.at("inception_score").get<double>(), 1.0);
    EXPECT_GE(json.at("accuracy").get<double>(), 0.0);
    EXPECT_EQ(json.at("classes").size(), 10u);
    EXPECT_EQ(json.at("classes")[1].at("class"), "Trouser");
    EXPECT_EQ(json.at("classes")[1].at("pictures"), 4);
    EXPECT_FALSE(json.contains("sfid"));
}

TEST(EvaluateSamplesCommand, SavedStatisticsStandForTheirPictures) {
    const Scratch scratch;
    const auto one = writeSquares(scratch, "a.npz", 60, 1), other = writeSquares(scratch, "b.npz", 50, 4);
    ASSERT_EQ(runProgram({"evaluate-samples", other, "--save-statistics", "b-statistics.npz"}, scratch.path()).code, 0);
    const auto stored = NpzFile::open(scratch.path() / "b-statistics.npz");
    EXPECT_EQ(stored.find("sigma")->shape, (Shape{128, 128}));
    const auto distance = [&](const std::string& reference) {
        const Outcome outcome =
            runProgram({"evaluate-samples", one, "--reference", reference, "--json", "-"}, scratch.path());
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        return nlohmann::json::parse(outcome.out).at("frechet_distance").get<double>();
    };
    const double direct = distance(other);
    EXPECT_GT(direct, 0.01);
    EXPECT_NEAR(distance("b-statistics.npz"), direct, 1e-6 * direct + 1e-9);
}

TEST(EvaluateSamplesCommand, ComparesStoredStatisticsByTheFormula) {
    const Scratch scratch;
    writeMoments(scratch.path() / "a.npz", 3, 1);
    writeMoments(scratch.path() / "b.npz", 3, 3);
    const Outcome outcome =
        runProgram({"evaluate-samples", "a.npz", "--reference", "b.npz", "--json", "-"}, scratch.path());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_NEAR(json.at("frechet_distance").get<double>(), 3 * 4, 1e-9);  // equal covariances: the means alone
    EXPECT_FALSE(json.contains("precision"));
}

TEST(EvaluateSamplesCommand, PrintsATableAndWritesTheSameAsJson) {
    const Scratch scratch;
    const auto file = writeSquares(scratch, "a.npz", 12, 1);
    const Outcome outcome = runProgram(
        {"evaluate-samples", file, "--reference", file, "--limit", "8", "--json", "out.json"}, scratch.path());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    for (const char* text : {"8 pictures", "Frechet distance", "Inception score", "precision", "recall", "accuracy",
                             "Trouser", "fewer samples than features"})
        EXPECT_NE(outcome.out.find(text), std::string::npos) << text << "\n" << outcome.out;
    EXPECT_TRUE(std::filesystem::exists(scratch.path() / "out.json"));
}

TEST(EvaluateSamplesCommand, SaysInOneLineWhatIsWrong) {
    const Scratch scratch;
    const auto file = writeSquares(scratch, "a.npz", 12, 1);
    writeMoments(scratch.path() / "wide.npz", 3, 1);
    scratch.write("bad.npz", "no archive");
    const std::vector<std::vector<std::string>> wrong{
        {"evaluate-samples"},
        {"evaluate-samples", "none.npz"},
        {"evaluate-samples", "bad.npz"},
        {"evaluate-samples", "fashion-mnist:middle"},
        {"evaluate-samples", file, "--reference", "wide.npz"},
        {"evaluate-samples", file, "--classifier", "none.safetensors"},
        {"evaluate-samples", file, "--inception", file},
        {"evaluate-samples", file, "--inception", "x.pth", "--classifier", "y.pth"},
    };
    for (const auto& arguments : wrong) {
        const Outcome outcome = runProgram(arguments, scratch.path());
        EXPECT_GT(outcome.code, 0) << arguments.back();
        EXPECT_EQ(outcome.errorLines(), 1) << outcome.err;
        EXPECT_EQ(outcome.firstErrorLine().find("visionllama: "), 0u) << outcome.err;
        EXPECT_TRUE(outcome.out.empty()) << outcome.out;
    }
}

}  // namespace
}  // namespace vl::test
