// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "engine/api/engine.h"
#include "engine/core/clock.h"
#include "engine/metrics/detect_judge.h"
#include "engine/metrics/segment_counts.h"
#include "engine/session/dense_models.h"
#include "engine/session/pictures_source.h"
#include "engine/session/pictures_truth.h"

namespace vl {

/// What a PicturesWorker is made of.
struct PicturesParts {
    std::function<std::shared_ptr<const DensePredictor>(const DenseRequest&)> open;
    PictureReaders readers;
    std::function<void()> changed;         ///< from the worker's thread and from callers
    std::function<void(Notice)> notice;
    std::function<void()> beforeWork;      ///< on the worker's thread, before every piece of work; may be empty
    std::shared_ptr<const Clock> clock;
    std::size_t keptBytes = 256u << 20;    ///< of pixels, classes and masks a request keeps in full
    std::size_t thumbnailBytes = 128u << 20;
};

/// Serves requests about pictures of both dense tasks on one thread, a picture of each in turn. A new request takes the
/// place of an unfinished one of its task, which ends at the next call of the model. Questions about a region and
/// exports come between two pictures, or at once when nothing is under way.
///
/// Memory: the newest pictures of a request stay in full within `keptBytes`. Older ones keep their boxes, masks and
/// scores; `picture` becomes a thumbnail of at most 256 px (64 px once all thumbnails exceed `thumbnailBytes`), pixel
/// classes go. Questions and exports read the file again; frames of a video cannot be had back.
class PicturesWorker {
public:
    explicit PicturesWorker(PicturesParts parts);
    ~PicturesWorker();

    void look(DenseRequest request);
    void cancel(ModelTask task);
    /// The last question counts; unanswered older ones are dropped.
    void ask(RegionQuestion question);
    void exportAs(DenseExport request);

    DenseLook pictures(ModelTask task) const;
    std::shared_ptr<const RegionAnswer> answer() const;
    /// Gives up what is under way within one call of the model and joins; later calls are ignored.
    void shutdown();

private:
    using Picture = std::shared_ptr<const DensePicture>;

    /// What callers see of a task.
    struct Slot {
        std::optional<DenseRequest> pending;
        DenseLook look;
        std::uint64_t serial = 0;          ///< grows whenever the work under way is no longer wanted
        std::size_t inFull = 0;            ///< pictures before this one have lost their pixels
    };
    /// What the thread works on for a task.
    struct Job {
        DenseRequest request;
        std::uint64_t serial = 0;
        std::shared_ptr<const DensePredictor> predictor;
        std::unique_ptr<PictureSource> source;
        std::unique_ptr<PictureTruth> truth;
        std::unique_ptr<SegmentCounts> counts;
        std::unique_ptr<DetectJudge> judge;
        std::int64_t judged = 0, seen = 0;
        std::size_t fullBytes = 0, smallBytes = 0;
        std::deque<std::size_t> full;      ///< bytes of the pictures still in full, oldest first
        std::size_t thumbnails = 0;        ///< pictures before this one have the smaller thumbnail
        bool truthProblemTold = false;
        double lastTile = 0, tileSeconds = 0;
    };
    static std::size_t indexOf(ModelTask task) { return task == ModelTask::Detect ? 1 : 0; }

    // -- any thread
    bool publish(std::size_t slot, std::uint64_t serial, const std::function<void(Slot&)>& change);
    bool current(std::size_t slot, std::uint64_t serial) const;
    void tell(Notice::Kind kind, std::string message, std::string hint, std::uint64_t request = 0);

    // -- the worker's thread
    void loop();
    void doOne();
    void openJob(std::size_t slot, DenseRequest request, std::uint64_t serial);
    void doPicture(std::size_t slot);
    void predict(std::size_t slot, Job& job, DensePicture& picture);
    DenseProgress tiles(std::size_t slot, Job& job, const DensePicture& picture);
    void judge(Job& job, DensePicture& picture);
    void finishPicture(std::size_t slot, Job& job, DensePicture picture);
    void finishJob(std::size_t slot, Job& job);
    void dropOldPixels(std::size_t slot, Job& job, const DensePicture& newest);
    void failJob(std::size_t slot, std::uint64_t serial, std::exception_ptr exception);
    void answerQuestion(const RegionQuestion& question);
    Image pictureAgain(const DensePicture& picture, bool inFull) const;
    void doExport(const DenseExport& request);
    Picture wholePicture(const Job& job, const DenseLook& look, std::size_t inFull, int index) const;

    PicturesParts parts_;

    mutable std::mutex mutex_;  ///< guards everything down to the blank line
    std::condition_variable wake_;
    std::array<Slot, 2> slots_;
    std::optional<RegionQuestion> question_;
    std::shared_ptr<const RegionAnswer> answer_;
    std::deque<DenseExport> exports_;
    bool quitting_ = false;

    std::array<std::unique_ptr<Job>, 2> jobs_;  ///< the worker's thread only, like the rest down to the blank line
    std::size_t turn_ = 0;

    std::thread thread_;  // last: starts when everything above exists
};

}  // namespace vl
