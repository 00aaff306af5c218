// SPDX-License-Identifier: Apache-2.0
// Questions about pictures that are there, and their export.
#include <numeric>
#include <utility>

#include "engine/data/resize.h"
#include "engine/session/pictures_export.h"
#include "engine/session/pictures_worker.h"
#include "engine/train/translate_error.h"

namespace vl {
namespace {

Error gone(const std::string& name) {
    return {ErrorCode::NotFound, name + " is no longer kept in full.", "Open it alone, or fewer frames at a time."};
}

Error noLongerThere() {
    return {ErrorCode::NotFound, "These pictures are no longer the present ones.", "Ask again about those on show."};
}

bool complete(const DensePicture& picture) { return picture.problem.empty() && picture.tilesDone >= picture.tiles; }

}  // namespace

Image PicturesWorker::pictureAgain(const DensePicture& picture, bool inFull) const {
    if (picture.picture.empty()) throw gone(picture.name);
    if (inFull) return picture.picture;
    if (picture.file.empty()) throw gone(picture.name);
    return convertChannels(parts_.readers.picture(picture.file), 3);
}

void PicturesWorker::answerQuestion(const RegionQuestion& question) {
    RegionAnswer answer;
    try {
        const std::size_t slot = indexOf(question.task);
        const Job* job = jobs_[slot].get();
        Picture picture;
        bool inFull = false;
        {
            const std::lock_guard lock(mutex_);
            const Slot& seen = slots_[slot];
            if (!job || job->request.id != question.request || seen.look.request != question.request)
                throw noLongerThere();
            if (question.picture < 0 || static_cast<std::size_t>(question.picture) >= seen.look.pictures.size())
                throw Error(ErrorCode::NotFound, "There is no such picture yet.", "Wait until it is there.");
            picture = seen.look.pictures[static_cast<std::size_t>(question.picture)];
            inFull = static_cast<std::size_t>(question.picture) >= seen.inFull;
        }
        answer = job->predictor->answer(pictureAgain(*picture, inFull), question);
    } catch (...) {
        const Error error = translateError(std::current_exception());
        answer = {};
        answer.problem = error.message();
        answer.advice = error.hint();
    }
    answer.question = question.id;
    answer.request = question.request;
    answer.picture = question.picture;
    {
        const std::lock_guard lock(mutex_);
        if (quitting_) return;
        answer_ = std::make_shared<const RegionAnswer>(std::move(answer));
    }
    parts_.changed();
}

PicturesWorker::Picture PicturesWorker::wholePicture(const Job& job, const DenseLook& look, std::size_t inFull,
                                                     int index) const {
    const Picture& known = look.pictures.at(static_cast<std::size_t>(index));
    if (static_cast<std::size_t>(index) >= inFull) return known;
    auto whole = std::make_shared<DensePicture>(*known);
    whole->picture = pictureAgain(*known, false);
    const DenseProgress keepOn = [this](int, int, const PixelClasses*) {
        const std::lock_guard lock(mutex_);
        return !quitting_;
    };
    if (job.request.task == ModelTask::Segment)
        whole->classes =
            std::make_shared<const PixelClasses>(job.predictor->segment(whole->picture, job.request.segment, keepOn));
    return whole;
}

void PicturesWorker::doExport(const DenseExport& request) {
    try {
        const std::size_t slot = indexOf(request.task);
        const Job* job = jobs_[slot].get();
        DenseLook look;
        std::size_t inFull = 0;
        {
            const std::lock_guard lock(mutex_);
            look = slots_[slot].look;
            inFull = slots_[slot].inFull;
        }
        if (!job || look.request != request.request || job->request.id != request.request) throw noLongerThere();
        ExportSource source{look.classes, look.modelName, look.modelSource, {}, {}, {}, {}, look.segmentScores,
                            look.detectScores};
        std::vector<int> wanted = request.pictures;
        if (wanted.empty()) {
            wanted.resize(look.pictures.size());
            std::iota(wanted.begin(), wanted.end(), 0);
        }
        for (const int index : wanted)
            if (index >= 0 && static_cast<std::size_t>(index) < look.pictures.size() &&
                complete(*look.pictures[static_cast<std::size_t>(index)]))
                source.pictures.push_back(index);
        source.picture = [&](int index) { return wholePicture(*job, look, inFull, index); };
        source.imageId = [&](int index) {
            const auto& file = look.pictures[static_cast<std::size_t>(index)]->file;
            const std::int64_t known = request.task == ModelTask::Detect ? job->truth->imageId(file) : -1;
            return known >= 0 ? known : index + 1;
        };
        source.keepGoing = [this] {
            const std::lock_guard lock(mutex_);
            return !quitting_;
        };
        tell(Notice::Kind::Info, vl::exportPictures(request, source), {});
    } catch (...) {
        const Error error = translateError(std::current_exception());
        if (error.code() != ErrorCode::Cancelled) tell(Notice::Kind::Error, error.message(), error.hint());
    }
}

}  // namespace vl
