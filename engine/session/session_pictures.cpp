// SPDX-License-Identifier: Apache-2.0
// Segmenting and searching pictures.
#include <utility>

#include "engine/core/error.h"
#include "engine/session/session.h"

namespace vl {
namespace {

bool isFile(const std::filesystem::path& file) {
    std::error_code error;
    return std::filesystem::is_regular_file(file, error);
}

}  // namespace

void Session::makePicturesWorker() {
    PicturesParts parts;
    parts.open = parts_.dense;
    if (!parts.open)
        parts.open = [](const DenseRequest&) -> std::shared_ptr<const DensePredictor> {
            throw Error(ErrorCode::Unsupported, "This engine cannot segment or search pictures.",
                        "Use the full program.");
        };
    parts.open = [open = std::move(parts.open)](const DenseRequest& request) {
        if (request.live && !isFile(request.checkpoint))
            throw Error(ErrorCode::NotFound, "There is no run, or it has not written a checkpoint yet.",
                        "Start a run, let it write one, then ask again; or choose a checkpoint.");
        return open(request);
    };
    parts.readers = parts_.readers.picture ? parts_.readers : pictureReaders();
    parts.changed = [this] { notify(); };
    parts.notice = [this](Notice news) { notice(news.kind, std::move(news.message), std::move(news.hint), news.request); };
    parts.beforeWork = [this] { limitSideWork(); };
    parts.clock = clock_;
    picturesWorker_ = std::make_unique<PicturesWorker>(std::move(parts));
}

/// The weights in training belong to the run's thread, so a live request is served from the run's last checkpoint; that
/// there is none is an answer like any other.
void Session::lookAtPictures(const DenseRequest& request) {
    DenseRequest asked = request;
    if (request.live) asked.checkpoint = status().folder / "checkpoints" / "last.safetensors";
    picturesWorker_->look(std::move(asked));
}

void Session::cancelPictures(ModelTask task) { picturesWorker_->cancel(task); }

void Session::askAboutRegion(const RegionQuestion& question) { picturesWorker_->ask(question); }

void Session::exportPictures(const DenseExport& request) { picturesWorker_->exportAs(request); }

DenseLook Session::pictures(ModelTask task) const { return picturesWorker_->pictures(task); }

std::shared_ptr<const RegionAnswer> Session::regionAnswer() const { return picturesWorker_->answer(); }

}  // namespace vl
