// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "engine/api/engine.h"
#include "engine/api/sample_result.h"
#include "engine/core/clock.h"
#include "engine/generate/generation_job.h"
#include "engine/session/generation_state_machine.h"

namespace vl {

/// What a GenerationWorker is made of.
struct GenerationParts {
    using Frames = std::vector<std::shared_ptr<const SampleFrame>>;

    OpenGeneration open;
    /// writeSampleResult in the program.
    std::function<std::filesystem::path(const std::filesystem::path& resultsFolder, const SampleRecord& record,
                                        const Frames& frames, const SampleFrame& last)>
        save;
    std::function<void()> changed;           ///< at most twenty times a second while steps follow one another
    std::function<void(Notice)> notice;
    std::function<void()> beforeWork;        ///< on the worker's thread, before every piece of work; may be empty
    std::shared_ptr<const Clock> clock;
    std::string version;                     ///< of the program, for the record
    std::size_t frameBytes = 512u << 20;     ///< memory the frames of one grid may take
    std::function<void(GenerationState from, GenerationState to)> onTransition;  ///< under the lock; for tests
};

/// Makes one grid of samples at a time on its own thread. Commands are judged at once and taken up between two calls
/// of the model; what is known so far is in look(), which costs a copy of pointers. Frames are kept every
/// `previewEvery` steps, rarer when they would not fit in memory, and always the first and the last; their indices
/// never change. Questions about a cell wait for a step boundary, or are answered at once when no step is made.
class GenerationWorker {
public:
    explicit GenerationWorker(GenerationParts parts);
    ~GenerationWorker();

    void generate(SampleRequest request);
    void pause() { command(GenerationCommand::Pause); }
    void continueGeneration() { command(GenerationCommand::Continue); }
    void step() { command(GenerationCommand::Step); }
    void stop();
    void examine(CellQuestion question);

    GenerationLook look(std::uint64_t request, std::size_t fromFrame) const;
    std::shared_ptr<const CellAnswer> answer() const;

    /// The present grid as it can be exported; empty before the first frame.
    struct Present {
        SampleRecord record;
        GenerationParts::Frames frames;
    };
    std::optional<Present> present() const;

    /// Gives up what is under way within one call of the model and joins; later calls are ignored.
    void shutdown();

private:
    // -- any thread
    void command(GenerationCommand command);
    bool current(std::uint64_t serial) const;
    void ring(bool always);
    void tell(Notice::Kind kind, std::string message, std::string hint);
    // -- any thread that holds the lock
    std::string apply(GenerationCommand command);
    bool apply(GenerationReport report);
    std::string lost() const;
    SampleRecord record() const;

    // -- the worker's thread
    void loop();
    void work(std::uint64_t serial, bool opening);
    void open(std::uint64_t serial);
    void advance(std::uint64_t serial);
    bool frameWanted(int step) const;
    void takeFrame(std::uint64_t serial);
    void chooseStride(std::size_t bytes);
    void measure(double stepSeconds, double frameSeconds, std::uint64_t serial);
    void finish(std::uint64_t serial);
    void keepResult(const std::shared_ptr<const SampleFrame>& last, std::uint64_t serial);
    void save(const SampleFrame& last, std::uint64_t serial);
    bool tellShare(double share, std::uint64_t serial);
    void report(GenerationReport report, std::uint64_t serial);
    void fail(std::exception_ptr exception, std::uint64_t serial);
    void answerQuestion();
    CellAnswer answerTo(CellQuestion question);

    GenerationParts parts_;

    mutable std::mutex mutex_;  ///< guards everything down to the blank line
    std::condition_variable wake_;
    GenerationStateMachine machine_;
    GenerationStatus status_;   ///< its state field is machine_'s
    std::uint64_t serial_ = 0;  ///< grows whenever the work under way is no longer wanted
    bool pending_ = false;      ///< a request waits to be opened
    std::shared_ptr<const SampleRequest> request_;
    std::shared_ptr<const GenerationPlan> plan_;
    GenerationParts::Frames frames_;
    std::vector<std::size_t> jobFrames_;  ///< number of each stored frame as the job counts them
    std::optional<CellQuestion> question_;
    std::shared_ptr<const CellAnswer> answer_;
    double askedAt_ = 0, lastRing_ = 0;
    double workSeconds_ = 0;
    bool quitting_ = false;

    std::unique_ptr<GenerationJob> job_;  ///< the worker's thread only, like the rest down to the blank line
    std::size_t framesTaken_ = 0, storedBytes_ = 0;
    int stride_ = 1, lastFrameStep_ = 0;
    double stepSeconds_ = 0, frameSeconds_ = 0, recentSeconds_ = 0;

    std::thread thread_;  // last: starts when everything above exists
};

}  // namespace vl
