// SPDX-License-Identifier: Apache-2.0
// The real parts of a session with a tiny denoiser of the test's own: from the request to the stored result.
#include <gtest/gtest.h>

#include "engine/api/sample_result.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/weights_file.h"
#include "engine/session/make_session.h"
#include "tests/core/scratch_folder.h"
#include "tests/session/fake_driver.h"

namespace vl::test {
namespace {

/// A flow model for pictures of 8 x 8 pixels, in the place of the demo.
void writeTinyDenoiser(const std::filesystem::path& file) {
    CheckpointInfo info;
    info.spec = findPreset("sitllama_micro");
    info.spec.dim = 32;
    info.spec.depth = 2;
    info.spec.heads = 2;
    info.spec.ffnHidden = 64;
    info.spec.imageSize = 8;
    info.spec.numClasses = 3;
    info.classNames = {"coat", "bag", "boot"};
    info.step = 1200;
    const auto model = makeModel(info.spec);
    fillRecorded(model->parameters());
    std::filesystem::create_directories(file.parent_path());
    saveWeights(*model, file, toMetadata(info));
}

class GenerationEndToEnd : public ::testing::Test {
protected:
    GenerationEndToEnd() {
        writeTinyDenoiser(folder_ / "demo/sitllama_micro.safetensors");
        EngineOptions options;
        options.resources = folder_.path();
        options.threads = 1;  // the model is too small to share
        fixture_.emplace(std::make_shared<Script>(), standardParts(options));
    }
    Engine& engine() { return fixture_->session(); }
    SampleRequest request(std::uint64_t id, std::uint64_t seed) const {
        SampleRequest request;
        request.id = id;
        request.recipe.base.seed = seed;
        request.recipe.base.steps = 4;
        request.recipe.rows = Vary::Guidance;
        request.recipe.rowValues = {"1", "4"};
        request.recipe.columns = Vary::Class;
        request.recipe.columnValues = {"bag", "0", "2"};
        request.resultsFolder = folder_ / "results";
        return request;
    }
    /// Everything there is of the request at its end.
    GenerationLook made(const SampleRequest& request) {
        engine().generate(request);
        fixture_->waitFor([&] {
            const GenerationState now = engine().generation(request.id, 0).status.state;
            return now == GenerationState::Finished || now == GenerationState::Failed;
        });
        const GenerationLook look = engine().generation(request.id, 0);
        EXPECT_EQ(look.status.state, GenerationState::Finished) << look.status.problem;
        return look;
    }

    ScratchFolder folder_;
    std::optional<SessionFixture> fixture_;
};

TEST_F(GenerationEndToEnd, MakesStoresAndListsAGrid) {
    const GenerationLook look = made(request(1, 7));
    ASSERT_NE(look.plan, nullptr);
    EXPECT_EQ(look.plan->grid.cells.size(), 6u);
    EXPECT_EQ(look.plan->classNames, (std::vector<std::string>{"coat", "bag", "boot"}));
    ASSERT_GE(look.frames.size(), 2u);
    EXPECT_EQ(look.frames.front()->step, 0);
    EXPECT_EQ(look.frames.back()->step, look.plan->totalSteps);
    for (const auto& frame : look.frames) ASSERT_EQ(frame->clean.size(), 6u);
    EXPECT_GT(look.status.firstPreviewMs, 0);

    const auto results = listSampleResults(folder_ / "results");
    ASSERT_EQ(results.size(), 1u);
    EXPECT_EQ(results[0].folder, look.status.folder);
    const SampleRecord& record = results[0].record;
    EXPECT_EQ(record.grid.cells, look.plan->grid.cells);
    EXPECT_EQ(record.grid.cells[0].label, 1);
    EXPECT_EQ(record.grid.cells[3].guidance, 4);
    EXPECT_EQ(record.modelHash.size(), 12u);
    EXPECT_FALSE(record.version.empty());
    const auto stored = readSampleFrames(results[0].folder);
    ASSERT_EQ(stored.size(), look.frames.size());
    for (std::size_t i = 0; i < stored.size(); ++i)
        for (std::size_t cell = 0; cell < 6; ++cell) {
            EXPECT_EQ(stored[i].noisy[cell].pixels, look.frames[i]->noisy[cell].pixels);
            EXPECT_EQ(stored[i].clean[cell].pixels, look.frames[i]->clean[cell].pixels);
        }
}

TEST_F(GenerationEndToEnd, EqualRequestsGiveEqualPicturesAndAnotherSeedOthers) {
    const auto first = made(request(1, 7)), again = made(request(2, 7)), other = made(request(3, 8));
    for (std::size_t cell = 0; cell < 6; ++cell) {
        EXPECT_EQ(first.frames.back()->clean[cell].pixels, again.frames.back()->clean[cell].pixels);
        EXPECT_NE(first.frames.front()->clean[cell].pixels, other.frames.front()->clean[cell].pixels);
    }
    EXPECT_EQ(listSampleResults(folder_ / "results").size(), 3u);
}

TEST_F(GenerationEndToEnd, ACellCanBeAskedAboutWithoutDisturbingTheRest) {
    const GenerationLook plain = made(request(1, 7));
    SampleRequest paused = request(2, 7);
    paused.startPaused = true;
    engine().generate(paused);
    ASSERT_TRUE(fixture_->waitFor([&] { return engine().generation(2, 0).status.state == GenerationState::Paused; }));
    engine().stepGeneration();
    ASSERT_TRUE(fixture_->waitFor([&] { return engine().generation(2, 0).status.step == 1; }));
    CellQuestion question;
    question.id = 5;
    question.cell = 4;
    question.frame = 1;
    question.layer = 1;
    question.along = true;
    engine().examineCell(question);
    ASSERT_TRUE(fixture_->waitFor([&] { return engine().cellAnswer() != nullptr; }));
    const auto answer = engine().cellAnswer();
    EXPECT_EQ(answer->question, 5u);
    EXPECT_EQ(answer->step, 1);
    EXPECT_EQ(answer->layers, 2);
    EXPECT_EQ(answer->attention.tokens, 4);
    EXPECT_FALSE(answer->along.empty());
    engine().continueGeneration();
    ASSERT_TRUE(fixture_->waitFor([&] { return engine().generation(2, 0).status.state == GenerationState::Finished; }));
    const GenerationLook asked = engine().generation(2, 0);
    for (std::size_t cell = 0; cell < 6; ++cell)
        EXPECT_EQ(asked.frames.back()->clean[cell].pixels, plain.frames.back()->clean[cell].pixels);
}

TEST_F(GenerationEndToEnd, AModelThatIsNotThereIsAStateWithAdvice) {
    SampleRequest wrong = request(1, 7);
    wrong.model = folder_ / "none.safetensors";
    engine().generate(wrong);
    ASSERT_TRUE(fixture_->waitFor([&] { return engine().generation(1, 0).status.state == GenerationState::Failed; }));
    EXPECT_FALSE(engine().generation(1, 0).status.advice.empty());
}

}  // namespace
}  // namespace vl::test
