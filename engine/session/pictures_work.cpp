// SPDX-License-Identifier: Apache-2.0
// What the pictures' thread does: opening, predicting, judging, making room.
#include <algorithm>
#include <utility>

#include "engine/data/resize.h"
#include "engine/session/pictures_worker.h"
#include "engine/train/translate_error.h"

namespace vl {
namespace {

constexpr int kThumbnail = 256, kSmallThumbnail = 64;  // pixels of the long side
/// Tiles are shown this often at most, and rarer where handing one out costs much: large pictures are copied for it.
constexpr double kTileSeconds = 0.1, kTileShare = 10;

std::size_t bytesOf(const PixelClasses* classes) {
    if (!classes) return 0;
    return classes->labels.size() + classes->confidence.size() + classes->second.size() +
           classes->secondConfidence.size() + classes->entropy.size();
}

std::size_t bytesOf(const DensePicture& picture) {
    return picture.picture.pixels.size() + bytesOf(picture.classes.get()) + bytesOf(picture.truthClasses.get());
}

Image thumbnail(const Image& picture, int side) {
    const int longest = std::max(picture.width, picture.height);
    if (picture.empty() || longest <= side) return picture;
    const auto scaled = [&](int length) { return std::max(1, static_cast<int>(std::int64_t{length} * side / longest)); };
    return resizeByBox(picture, scaled(picture.width), scaled(picture.height));
}

std::shared_ptr<const DensePicture> reduced(const DensePicture& picture, int side) {
    auto small = std::make_shared<DensePicture>(picture);
    small->picture = thumbnail(picture.picture, side);
    small->classes = nullptr;
    small->truthClasses = nullptr;
    return small;
}

}  // namespace

void PicturesWorker::openJob(std::size_t slot, DenseRequest request, std::uint64_t serial) {
    jobs_[slot].reset();
    auto job = std::make_unique<Job>();
    job->serial = serial;
    try {
        job->predictor = parts_.open(request);
        const ClassList& classes = job->predictor->classes;
        job->source = std::make_unique<PictureSource>(request, parts_.readers);
        job->truth = std::make_unique<PictureTruth>(request.truth, classes);
        const auto count = static_cast<int>(classes.names.size());
        if (request.task == ModelTask::Segment)
            job->counts = std::make_unique<SegmentCounts>(count);
        else
            job->judge = std::make_unique<DetectJudge>(count);
    } catch (...) {
        return failJob(slot, serial, std::current_exception());
    }
    job->request = std::move(request);
    job->request.image = {};  // the source has it
    publish(slot, serial, [&](Slot& seen) {
        seen.look.modelName = job->predictor->name;
        seen.look.modelSource = job->predictor->source;
        seen.look.classes = job->predictor->classes;
        seen.look.layers = job->predictor->layers;
        seen.look.heads = job->predictor->heads;
        seen.look.all = job->source->all();
    });
    jobs_[slot] = std::move(job);
}

void PicturesWorker::failJob(std::size_t slot, std::uint64_t serial, std::exception_ptr exception) {
    const Error error = translateError(exception);
    publish(slot, serial, [&](Slot& seen) {
        seen.look.busy = false;
        seen.look.problem = error.message();
        seen.look.advice = error.hint();
    });
}

void PicturesWorker::doPicture(std::size_t slot) {
    Job* job = jobs_[slot].get();
    if (!job || !current(slot, job->serial)) return;
    auto item = job->source->next();
    if (!item) return finishJob(slot, *job);
    DensePicture picture;
    picture.name = std::move(item->name);
    picture.file = std::move(item->file);
    picture.picture = std::move(item->image);
    picture.problem = std::move(item->problem);
    picture.advice = std::move(item->advice);
    if (picture.problem.empty()) {
        try {
            predict(slot, *job, picture);
            judge(*job, picture);
        } catch (...) {
            const Error error = translateError(std::current_exception());
            if (!current(slot, job->serial)) return;  // nobody waits for it any more
            picture.problem = error.message();
            picture.advice = error.hint();
            picture.classes = nullptr;
            picture.objects.clear();
        }
    }
    finishPicture(slot, *job, std::move(picture));
}

void PicturesWorker::predict(std::size_t slot, Job& job, DensePicture& picture) {
    const double begin = parts_.clock->seconds();
    int all = 1;
    const DenseProgress watch = tiles(slot, job, picture);
    const DenseProgress progress = [&](int done, int of, const PixelClasses* soFar) {
        all = of;
        return watch(done, of, soFar);
    };
    if (job.request.task == ModelTask::Segment) {
        picture.classes = std::make_shared<const PixelClasses>(
            job.predictor->segment(picture.picture, job.request.segment, progress));
    } else {
        FoundObjects found = job.predictor->detect(picture.picture, job.request.detect, progress);
        picture.objects = std::move(found.objects);
        picture.proposals = std::move(found.proposals);
    }
    picture.tiles = picture.tilesDone = std::max(all, 1);
    picture.milliseconds = 1000 * (parts_.clock->seconds() - begin);
}

DenseProgress PicturesWorker::tiles(std::size_t slot, Job& job, const DensePicture& picture) {
    return [this, slot, &job, &picture](int done, int all, const PixelClasses* soFar) {
        if (!current(slot, job.serial)) return false;
        const double now = parts_.clock->seconds();
        const double pause = std::max(kTileSeconds, kTileShare * job.tileSeconds);
        if (done > 0 && (done >= all || now - job.lastTile < pause)) return true;
        DensePicture shown = picture;
        shown.tilesDone = done;
        shown.tiles = std::max(all, 1);
        if (soFar && done > 0) shown.classes = std::make_shared<const PixelClasses>(*soFar);
        const auto place = static_cast<std::size_t>(job.seen);
        const auto handed = std::make_shared<const DensePicture>(std::move(shown));
        Picture before;  // freed outside the lock
        const bool wanted = publish(slot, job.serial, [&](Slot& seen) {
            auto& list = seen.look.pictures;
            if (list.size() == place) list.emplace_back();
            before = std::exchange(list[place], handed);
        });
        job.lastTile = parts_.clock->seconds();
        job.tileSeconds = job.lastTile - now;
        return wanted;
    };
}

void PicturesWorker::judge(Job& job, DensePicture& picture) {
    try {
        if (picture.classes) {
            picture.truthClasses = job.truth->labels(picture.file, picture.picture.width, picture.picture.height);
            if (!picture.truthClasses) return;
            SegmentCounts own(static_cast<int>(job.predictor->classes.names.size()));
            own.add(picture.truthClasses->labels, picture.classes->labels);
            job.counts->add(own);
            picture.scores = own.scores();
            ++job.judged;
        } else if (job.judge) {
            picture.truthObjects = job.truth->objects(picture.file);
            if (!picture.truthObjects) return;
            job.judge->add(job.seen + 1, *picture.truthObjects, picture.objects);
            ++job.judged;
        }
    } catch (...) {  // a prediction stays one without truth
        const Error error = translateError(std::current_exception());
        picture.truthClasses = nullptr;
        picture.truthObjects.reset();
        if (!std::exchange(job.truthProblemTold, true))
            tell(Notice::Kind::Warning, error.message(), error.hint(), job.request.id);
    }
}

void PicturesWorker::finishPicture(std::size_t slot, Job& job, DensePicture picture) {
    if (picture.tiles == 0) picture.tiles = picture.tilesDone = 1;
    const auto handed = std::make_shared<const DensePicture>(std::move(picture));
    std::optional<SegmentScores> scores;
    if (job.counts && job.judged > 0) scores = job.counts->scores();
    const auto place = static_cast<std::size_t>(job.seen);
    Picture before;
    const bool wanted = publish(slot, job.serial, [&](Slot& seen) {
        auto& list = seen.look.pictures;
        if (list.size() == place) list.emplace_back();
        before = std::exchange(list[place], handed);
        seen.look.done = static_cast<std::int64_t>(place) + 1;
        seen.look.all = std::max(seen.look.all, seen.look.done);
        seen.look.segmentScores = std::move(scores);
    });
    if (!wanted) return;
    ++job.seen;
    dropOldPixels(slot, job, *handed);
}

void PicturesWorker::dropOldPixels(std::size_t slot, Job& job, const DensePicture& newest) {
    job.full.push_back(bytesOf(newest));
    job.fullBytes += job.full.back();
    const auto replace = [&](std::size_t index, int side, bool leavesFull) {
        Picture old;
        {
            const std::lock_guard lock(mutex_);
            if (slots_[slot].serial != job.serial || index >= slots_[slot].look.pictures.size()) return std::size_t{0};
            old = slots_[slot].look.pictures[index];
        }
        const Picture small = reduced(*old, side);
        publish(slot, job.serial, [&](Slot& seen) {
            seen.look.pictures[index] = small;
            if (leavesFull) seen.inFull = index + 1;
        });
        return small->picture.pixels.size();
    };
    while (job.fullBytes > parts_.keptBytes && job.full.size() > 1) {
        const std::size_t index = static_cast<std::size_t>(job.seen) - job.full.size();
        job.fullBytes -= job.full.front();
        job.full.pop_front();
        job.smallBytes += replace(index, kThumbnail, true);
    }
    const std::size_t reducedOnes = static_cast<std::size_t>(job.seen) - job.full.size();
    while (job.smallBytes > parts_.thumbnailBytes && job.thumbnails < reducedOnes) {
        const std::size_t small = replace(job.thumbnails++, kSmallThumbnail, false);
        // A thumbnail shrinks to a sixteenth; an exact sum would need the old one's size, which many pictures share.
        const std::size_t saved = std::min(small * 15, job.smallBytes);
        job.smallBytes -= saved;
    }
}

void PicturesWorker::finishJob(std::size_t slot, Job& job) {
    std::optional<DetectScores> scores;
    if (job.judge && job.judged > 0) scores = job.judge->scores();
    job.source.reset();
    publish(slot, job.serial, [&](Slot& seen) {
        seen.look.busy = false;
        seen.look.all = seen.look.done;
        seen.look.detectScores = std::move(scores);
    });
}

}  // namespace vl
