// SPDX-License-Identifier: Apache-2.0
// Making samples through the whole session, beside a training run, with scripted parts.
#include <gtest/gtest.h>

#include "tests/session/fake_driver.h"
#include "tests/session/fake_generation.h"

namespace vl::test {
namespace {

/// Results that are never written; exports say what they were asked for.
struct ScriptedResults {
    std::atomic<bool> holdExport{false}, exporting{false};
    std::mutex mutex;
    std::vector<std::size_t> exportedFrames;  // guarded by mutex

    ResultFiles files() {
        ResultFiles files;
        files.write = [](const std::filesystem::path& folder, const SampleRecord&, const GenerationParts::Frames&,
                         const SampleFrame&) { return folder / "grid-0001"; };
        files.read = [](const std::filesystem::path& folder) {
            if (folder != "old") throw Error(ErrorCode::NotFound, "There is no such result.", "Choose another.");
            return GenerationWorker::Present{SampleRecord{}, GenerationParts::Frames(3)};
        };
        files.exportAs = [this](const SampleRecord&, const GenerationParts::Frames& frames, const ExportRequest& request,
                                const std::function<bool(double)>& progress) {
            exporting = true;
            while (holdExport && progress(0.5)) std::this_thread::yield();
            if (!progress(0.6)) throw Error(ErrorCode::Cancelled, "Cancelled.");
            const std::lock_guard lock(mutex);
            exportedFrames.push_back(frames.size());
            return request.file;
        };
        return files;
    }
};

class GenerationInSession : public ::testing::Test {
protected:
    GenerationInSession() : f_(runs_, parts()) {}
    Session& session() { return f_.session(); }
    SessionParts parts() {
        SessionParts parts;
        parts.generate = scriptedJobs(jobs_);
        parts.results = results_.files();
        parts.version = "1.2.3";
        return parts;
    }
    void generate(std::uint64_t id) {
        SampleRequest request;
        request.id = id;
        request.resultsFolder = "results";
        session().generate(request);
    }
    GenerationState state() { return session().generation(0, 0).status.state; }
    bool waitForGeneration(GenerationState wanted) {
        return f_.waitFor([&] { return state() == wanted; });
    }
    void exportTo(const std::filesystem::path& file, const std::filesystem::path& result = {}) {
        ExportRequest request;
        request.file = file;
        request.result = result;
        session().exportResult(request);
    }
    /// The first notice there is; empty after ten seconds.
    Notice nextNotice() {
        std::vector<Notice> notices;
        f_.waitFor([&] {
            if (notices.empty()) notices = session().takeNotices();
            return !notices.empty();
        });
        EXPECT_EQ(notices.size(), 1u);
        return notices.empty() ? Notice{} : notices.front();
    }

    std::shared_ptr<Script> runs_ = std::make_shared<Script>();
    std::shared_ptr<JobScript> jobs_ = std::make_shared<JobScript>();
    ScriptedResults results_;
    SessionFixture f_;
};

TEST_F(GenerationInSession, EveryCommandReachesTheJob) {
    jobs_->holdAtStep = 3;
    generate(4);
    ASSERT_TRUE(f_.waitFor([&] { return session().generation(4, 0).status.step == 2; }));
    session().pauseGeneration();
    jobs_->holdAtStep = -1;
    ASSERT_TRUE(waitForGeneration(GenerationState::Paused));
    session().stepGeneration();
    ASSERT_TRUE(f_.waitFor([&] { return session().generation(4, 0).status.step == 4; }));
    CellQuestion question;
    question.id = 9;
    question.frame = 1;
    session().examineCell(question);
    ASSERT_TRUE(f_.waitFor([&] { return session().cellAnswer() != nullptr; }));
    EXPECT_EQ(session().cellAnswer()->question, 9u);
    ASSERT_TRUE(waitForGeneration(GenerationState::Paused));
    session().continueGeneration();
    ASSERT_TRUE(waitForGeneration(GenerationState::Finished));
    EXPECT_EQ(session().generation(4, 0).status.folder, "results/grid-0001");
    generate(5);
    session().stopGeneration();
    const GenerationState now = state();
    EXPECT_TRUE(now == GenerationState::Stopped || now == GenerationState::Finished);
}

TEST_F(GenerationInSession, ATrainingRunGoesOnBesideIt) {
    runs_->filmEvery = 5;
    session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f_.waitForState(RunState::Running));
    for (std::uint64_t id = 1; id <= 20; ++id) {
        const std::int64_t before = session().status().step;
        generate(id);
        ASSERT_TRUE(waitForGeneration(GenerationState::Finished));
        ASSERT_TRUE(f_.waitFor([&] { return session().status().step > before; }));
        ASSERT_EQ(session().status().state, RunState::Running);
    }
    session().stop();
    ASSERT_TRUE(f_.waitForState(RunState::Finished));
    generate(21);
    EXPECT_TRUE(waitForGeneration(GenerationState::Finished));
}

TEST_F(GenerationInSession, ExportsThePresentAndStoredResultsInTheBackground) {
    exportTo("a.png");
    EXPECT_EQ(nextNotice().message, "There are no samples to export.");
    generate(1);
    ASSERT_TRUE(waitForGeneration(GenerationState::Finished));
    exportTo("a.gif");
    EXPECT_EQ(nextNotice().message, "Exported to a.gif.");
    exportTo("b.gif", "old");
    EXPECT_EQ(nextNotice().message, "Exported to b.gif.");
    exportTo("c.gif", "none");
    const Notice refused = nextNotice();
    EXPECT_EQ(refused.kind, Notice::Kind::Error);
    EXPECT_EQ(refused.message, "There is no such result.");
    session().shutdown();
    EXPECT_EQ(results_.exportedFrames, (std::vector<std::size_t>{7, 3}));
}

TEST_F(GenerationInSession, ShutdownGivesUpAnExportAndAStepUnderWay) {
    generate(1);
    ASSERT_TRUE(waitForGeneration(GenerationState::Finished));
    results_.holdExport = true;
    exportTo("a.mp4");
    ASSERT_TRUE(f_.waitFor([&] { return results_.exporting.load(); }));
    jobs_->holdAtStep = 2;
    generate(2);
    ASSERT_TRUE(f_.waitFor([&] { return jobs_->inStep.load(); }));
    session().shutdown();
    EXPECT_TRUE(results_.exportedFrames.empty());
    EXPECT_EQ(state(), GenerationState::Stopped);
    exportTo("b.mp4");
    EXPECT_TRUE(session().takeNotices().empty());
}

TEST_F(GenerationInSession, TheFilmOfARunIsPulledLikeItsMetrics) {
    runs_->filmEvery = 10;
    runs_->totalSteps = 35;
    session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f_.waitForState(RunState::Finished));
    const std::uint64_t first = session().status().generation;
    std::vector<std::int64_t> steps;
    for (const auto& frame : session().film(first, 0)) steps.push_back(frame->step);
    EXPECT_EQ(steps, (std::vector<std::int64_t>{0, 10, 20, 30}));
    EXPECT_EQ(session().film(first, 3).size(), 1u);
    EXPECT_EQ(session().film(first, 99).size(), 0u);
    EXPECT_EQ(session().film(first + 7, 3).size(), 4u);  // another run's cursor: all of the present one
    session().start(RunSettings{}, "runs");
    ASSERT_TRUE(f_.waitFor([&] { return session().status().generation != first && !session().film(0, 0).empty(); }));
    EXPECT_EQ(session().film(first, 3).front()->step, 0);
}

TEST(Session, WithoutPartsForSamplesItSaysSo) {
    SessionFixture f;
    SampleRequest request;
    request.id = 1;
    f.session().generate(request);
    ASSERT_TRUE(f.waitFor([&] { return f.session().generation(1, 0).status.state == GenerationState::Failed; }));
    EXPECT_EQ(f.session().generation(1, 0).status.problem, "This engine cannot make samples.");
}

}  // namespace
}  // namespace vl::test
