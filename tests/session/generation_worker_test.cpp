// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <numeric>

#include "tests/session/fake_generation.h"

namespace vl::test {
namespace {

using State = GenerationState;

TEST(GenerationWorker, NothingWasAskedYet) {
    GenerationFixture f;
    const GenerationLook look = f.worker().look(0, 0);
    EXPECT_EQ(look.status.state, State::Idle);
    EXPECT_EQ(look.request, nullptr);
    EXPECT_EQ(look.plan, nullptr);
    EXPECT_EQ(f.worker().answer(), nullptr);
    EXPECT_FALSE(f.worker().present());
}

TEST(GenerationWorker, ShowsTheFirstFrameEveryWantedOneAndTheLast) {
    GenerationFixture f;
    f.script().steps = 10;
    f.generate(1, 4);
    ASSERT_TRUE(f.waitForState(State::Finished));
    EXPECT_EQ(f.frameSteps(), (std::vector<int>{0, 4, 8, 10}));
    const GenerationLook look = f.worker().look(1, 0);
    EXPECT_EQ(look.status.request, 1u);
    EXPECT_EQ(look.status.step, 10);
    EXPECT_EQ(look.status.totalSteps, 10);
    EXPECT_EQ(look.status.folder, "results/grid-0001");
    EXPECT_EQ(look.request->previewEvery, 4);
    EXPECT_EQ(look.plan->modelName, "model-1");
    EXPECT_EQ(look.frames.back()->clean[1].pixels[0], 101);
}

TEST(GenerationWorker, APullGivesWhatIsNewAndAllOfAnotherRequest) {
    GenerationFixture f;
    f.generate(1);
    ASSERT_TRUE(f.waitForState(State::Finished));
    EXPECT_EQ(f.worker().look(1, 5).frames.size(), 2u);
    EXPECT_EQ(f.worker().look(1, 5).nextFrame, 7u);
    EXPECT_TRUE(f.worker().look(1, 7).frames.empty());
    EXPECT_TRUE(f.worker().look(1, 700).frames.empty());
    EXPECT_EQ(f.worker().look(9, 7).frames.size(), 7u);
}

TEST(GenerationWorker, RecordsWhatWasMadeAndHowLongItTook) {
    GenerationFixture f;
    f.script().frameMs = 5;
    f.generate(1);
    ASSERT_TRUE(f.waitForState(State::Finished));
    EXPECT_EQ(f.lastRecord.model, "model-1");
    EXPECT_EQ(f.lastRecord.version, "1.2.3");
    EXPECT_EQ(f.lastRecord.modelHash, "0123456789ab");
    EXPECT_EQ(f.lastRecord.grid.cells.size(), 2u);
    EXPECT_NEAR(f.lastRecord.seconds, 6 * 0.015, 1e-9);  // six steps of 10 ms, each with a frame of 5 ms
    const GenerationStatus status = f.worker().look(0, 0).status;
    EXPECT_NEAR(status.previewShare, 1.0 / 3, 1e-9);
    EXPECT_NEAR(status.stepsPerSecond, 1 / 0.015, 1e-6);
    EXPECT_EQ(status.secondsLeft, 0);
    EXPECT_NEAR(status.firstPreviewMs, 5, 1e-9);
}

TEST(GenerationWorker, WithoutAResultsFolderNothingIsWritten) {
    GenerationFixture f;
    f.generate(1, 1, "");
    ASSERT_TRUE(f.waitForState(State::Finished));
    EXPECT_EQ(f.script().saved, 0);
    EXPECT_TRUE(f.worker().look(0, 0).status.folder.empty());
}

TEST(GenerationWorker, AResultDecodedInFullIsOneMoreFrame) {
    GenerationFixture f;
    f.script().largerResult = true;
    f.generate(1, 3);
    ASSERT_TRUE(f.waitForState(State::Finished));
    EXPECT_EQ(f.frameSteps(), (std::vector<int>{0, 3, 6, 6}));
    EXPECT_EQ(f.worker().look(0, 0).frames.back()->clean[0].width, 8);
    f.ask(4, 3);
    ASSERT_TRUE(f.waitFor([&] { return f.worker().answer() != nullptr; }));
    EXPECT_EQ(f.worker().answer()->frame, 3u);
    EXPECT_EQ(f.worker().answer()->step, 6);
}

TEST(GenerationWorker, BeginsPausedStepsOnceAndGoesOn) {
    GenerationFixture f;
    f.generate(1, 4, "results", true);
    ASSERT_TRUE(f.waitForState(State::Paused));
    EXPECT_EQ(f.frameSteps(), std::vector<int>{0});
    f.worker().step();
    ASSERT_TRUE(f.waitFor([&] { return f.worker().look(0, 0).status.step == 1 && f.state() == State::Paused; }));
    EXPECT_EQ(f.frameSteps(), (std::vector<int>{0, 1}));  // whoever steps wants to see it
    f.worker().continueGeneration();
    ASSERT_TRUE(f.waitForState(State::Finished));
    EXPECT_EQ(f.frameSteps(), (std::vector<int>{0, 1, 5, 6}));
}

TEST(GenerationWorker, PausesAtTheNextStepBoundary) {
    GenerationFixture f;
    f.script().holdAtStep = 3;
    f.generate(1);
    ASSERT_TRUE(f.waitFor([&] { return f.worker().look(0, 0).status.step == 2 && f.script().inStep; }));
    f.worker().pause();
    EXPECT_EQ(f.state(), State::Running);
    f.script().holdAtStep = -1;
    ASSERT_TRUE(f.waitForState(State::Paused));
    EXPECT_EQ(f.worker().look(0, 0).status.step, 3);
}

TEST(GenerationWorker, StoppingWhileLoadingEndsTheRead) {
    GenerationFixture f;
    f.script().holdOpening = true;
    f.generate(1);
    ASSERT_TRUE(f.waitFor([&] { return f.script().opening.load(); }));
    EXPECT_EQ(f.state(), State::Loading);
    f.worker().stop();
    EXPECT_EQ(f.state(), State::Stopped);
    ASSERT_TRUE(f.waitFor([&] { return !f.script().opening; }));
    EXPECT_EQ(f.script().opened, 0);
    EXPECT_TRUE(f.worker().look(0, 0).status.problem.empty());  // nothing was lost
}

TEST(GenerationWorker, StoppingInTheMiddleKeepsTheFramesAndSaysWhatIsLost) {
    GenerationFixture f;
    f.script().holdAtStep = 4;
    f.generate(1);
    ASSERT_TRUE(f.waitFor([&] { return f.worker().look(0, 0).status.step == 3 && f.script().inStep; }));
    f.worker().stop();
    EXPECT_EQ(f.state(), State::Stopped);
    ASSERT_TRUE(f.waitFor([&] { return !f.script().inStep; }));
    EXPECT_EQ(f.frameSteps(), (std::vector<int>{0, 1, 2, 3}));
    EXPECT_EQ(f.worker().look(0, 0).status.problem, "The grid of 2 samples was stopped at step 3 of 6 and is not saved.");
    f.worker().shutdown();
    EXPECT_EQ(f.script().saved, 0);
    EXPECT_EQ(f.script().advanced, 3);
}

TEST(GenerationWorker, StoppingWhileDecodingSavesNothing) {
    GenerationFixture f;
    f.script().holdDecoding = true;
    f.generate(1);
    ASSERT_TRUE(f.waitFor([&] { return f.script().decoding.load(); }));
    EXPECT_EQ(f.state(), State::Saving);
    EXPECT_EQ(f.worker().look(0, 0).status.share, 0.5);
    f.worker().stop();
    f.worker().shutdown();
    EXPECT_EQ(f.script().saved, 0);
    EXPECT_EQ(f.state(), State::Stopped);
    EXPECT_TRUE(f.notices().empty());
}

TEST(GenerationWorker, AnotherGridTakesThePlaceOfTheOneInProgress) {
    GenerationFixture f;
    f.script().holdAtStep = 3;
    f.generate(1);
    ASSERT_TRUE(f.waitFor([&] { return f.worker().look(0, 0).status.step == 2 && f.script().inStep; }));
    f.generate(2);
    EXPECT_EQ(f.worker().look(0, 0).status.request, 2u);
    EXPECT_TRUE(f.worker().look(2, 0).frames.empty() || f.worker().look(2, 0).plan->modelName == "model-2");
    f.script().holdAtStep = -1;
    ASSERT_TRUE(f.waitForState(State::Finished));
    EXPECT_EQ(f.worker().look(0, 0).plan->modelName, "model-2");
    ASSERT_EQ(f.notices().size(), 1u);
    EXPECT_EQ(f.notices()[0].message, "The grid of 2 samples was stopped at step 2 of 6 and is not saved.");
    EXPECT_EQ(f.script().saved, 1);
    EXPECT_LE(f.script().alive, 1);
}

TEST(GenerationWorker, AModelThatCannotBeOpenedIsAStateWithAdvice) {
    GenerationFixture f;
    f.script().failToOpen = true;
    f.generate(1);
    ASSERT_TRUE(f.waitForState(State::Failed));
    EXPECT_EQ(f.worker().look(0, 0).status.problem, "There is no such model.");
    EXPECT_EQ(f.worker().look(0, 0).status.advice, "Choose another one.");
    f.script().failToOpen = false;
    f.generate(2);
    ASSERT_TRUE(f.waitForState(State::Finished));
    EXPECT_TRUE(f.worker().look(0, 0).status.problem.empty());
}

TEST(GenerationWorker, AStepThatFailsKeepsTheFramesBeforeIt) {
    GenerationFixture f;
    f.script().failAtStep = 3;
    f.generate(1);
    ASSERT_TRUE(f.waitForState(State::Failed));
    EXPECT_EQ(f.frameSteps(), (std::vector<int>{0, 1, 2}));
    ASSERT_TRUE(f.waitFor([&] { return f.notices().size() == 1; }));
    EXPECT_EQ(f.notices()[0].kind, Notice::Kind::Error);
}

TEST(GenerationWorker, AResultThatCannotBeSavedKeepsItsFramesAndCanBeExported) {
    GenerationFixture f;
    f.script().failToSave = true;
    f.generate(1);
    ASSERT_TRUE(f.waitForState(State::Failed));
    EXPECT_EQ(f.worker().look(0, 0).status.problem, "The samples are ready but could not be saved: The disk is full.");
    EXPECT_EQ(f.worker().look(0, 0).status.advice, "Free some space.");
    ASSERT_TRUE(f.worker().present());
    EXPECT_EQ(f.worker().present()->frames.size(), 7u);
    f.ask(1, 2);
    EXPECT_TRUE(f.waitFor([&] { return f.worker().answer() != nullptr; }));
}

TEST(GenerationWorker, AQuestionIsAnsweredAtAStepBoundaryAndAtOnceWhenNothingRuns) {
    GenerationFixture f;
    f.script().holdAtStep = 3;
    f.generate(1);
    ASSERT_TRUE(f.waitFor([&] { return f.worker().look(0, 0).status.step == 2 && f.script().inStep; }));
    f.ask(5, 1, 1);
    f.ask(6, 2, 1);
    EXPECT_EQ(f.worker().answer(), nullptr);
    f.worker().pause();
    f.script().holdAtStep = -1;
    ASSERT_TRUE(f.waitFor([&] { return f.worker().answer() && f.worker().answer()->question == 6; }));
    EXPECT_EQ(f.script().answered, 1);  // the older one was dropped
    EXPECT_EQ(f.worker().answer()->step, 2);
    EXPECT_EQ(f.worker().answer()->cell, 1);
    ASSERT_TRUE(f.waitForState(State::Paused));
    f.ask(7, 0);
    ASSERT_TRUE(f.waitFor([&] { return f.worker().answer()->question == 7; }));
    EXPECT_EQ(f.state(), State::Paused);
    f.worker().continueGeneration();
    ASSERT_TRUE(f.waitForState(State::Finished));
    f.ask(8, 6);
    ASSERT_TRUE(f.waitFor([&] { return f.worker().answer()->question == 8; }));
    EXPECT_EQ(f.worker().answer()->step, 6);
}

TEST(GenerationWorker, AQuestionThatCannotBeAnsweredIsANoticeAndDisturbsNothing) {
    GenerationFixture f;
    f.ask(1, 0);
    ASSERT_TRUE(f.waitFor([&] { return f.notices().size() == 1; }));  // nothing to look into yet
    f.generate(1);
    ASSERT_TRUE(f.waitForState(State::Finished));
    f.ask(2, 99);
    ASSERT_TRUE(f.waitFor([&] { return f.notices().size() == 2; }));
    f.ask(3, 0, 7);
    ASSERT_TRUE(f.waitFor([&] { return f.notices().size() == 3; }));
    f.script().failToAnswer = true;
    f.ask(4, 0);
    ASSERT_TRUE(f.waitFor([&] { return f.notices().size() == 4; }));
    EXPECT_EQ(f.notices()[3].message, "There is no layer 99.");
    EXPECT_EQ(f.state(), State::Finished);
    EXPECT_EQ(f.worker().answer(), nullptr);
}

TEST(GenerationWorker, KeepsRarerFramesWhenAllOfThemWouldNotFitAndSaysSoOnce) {
    // A frame is two cells of 4 x 4, noisy and clean: 64 bytes. 100 steps and the first: 102 x 64 = 6528 bytes.
    GenerationFixture f(std::make_shared<JobScript>(), 1000);
    f.script().steps = 100;
    f.script().plannedSteps = 100;
    f.generate(1);
    ASSERT_TRUE(f.waitForState(State::Finished));
    EXPECT_EQ(f.frameSteps(), (std::vector<int>{0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 100}));
    ASSERT_EQ(f.notices().size(), 1u);
    EXPECT_EQ(f.notices()[0].kind, Notice::Kind::Info);
}

TEST(GenerationWorker, StaysWithinMemoryWhenThereAreMoreStepsThanPlanned) {
    GenerationFixture f(std::make_shared<JobScript>(), 1000);
    f.script().plannedSteps = 5;
    f.script().steps = 2000;
    f.generate(1);
    ASSERT_TRUE(f.waitForState(State::Finished));
    const auto steps = f.frameSteps();
    EXPECT_LE(steps.size(), 1000u / 64 + 12);  // doubling the distance: each doubling of the steps costs one frame more
    EXPECT_EQ(steps.back(), 2000);
}

TEST(GenerationWorker, RingsAtMostTwentyTimesASecondWhileSteppingAlong) {
    GenerationFixture f;
    f.script().steps = 2000;  // 10 ms each: 20 s of the clock
    f.generate(1, 10);
    ASSERT_TRUE(f.waitForState(State::Finished));
    // Every state, the first and the last frame ring too; a report after each step does not count as news.
    EXPECT_LE(f.rings(), 20 * 20 + 10);
    EXPECT_GE(f.rings(), 100);
}

TEST(GenerationWorker, ShutdownEndsWithinOneCallOfTheModelAndIgnoresWhatComesLater) {
    GenerationFixture f;
    f.script().holdAtStep = 2;
    f.generate(1);
    ASSERT_TRUE(f.waitFor([&] { return f.script().inStep.load(); }));
    f.worker().shutdown();
    EXPECT_FALSE(f.script().inStep);
    EXPECT_EQ(f.state(), State::Stopped);
    f.generate(2);
    f.worker().stop();
    f.worker().pause();
    EXPECT_EQ(f.worker().look(0, 0).status.request, 1u);
    EXPECT_TRUE(f.notices().empty());
}

}  // namespace
}  // namespace vl::test
