// SPDX-License-Identifier: Apache-2.0
// Making samples, their export, and the film of a training denoiser.
#include <utility>

#include "engine/session/session.h"
#include "engine/train/translate_error.h"

namespace vl {
namespace {

Error notInThisEngine(const char* what) {
    return {ErrorCode::Unsupported, std::string("This engine cannot ") + what + ".", "Use the full program."};
}

}  // namespace

void Session::makeGenerationWorker() {
    GenerationParts parts;
    parts.open = parts_.generate;
    if (!parts.open)
        parts.open = [](const SampleRequest&, const std::function<bool(double)>&) -> std::unique_ptr<GenerationJob> {
            throw notInThisEngine("make samples");
        };
    parts.save = parts_.results.write;
    if (!parts.save)
        parts.save = [](const auto&, const auto&, const auto&, const auto&) -> std::filesystem::path {
            throw notInThisEngine("save samples");
        };
    parts.changed = [this] { notify(); };
    parts.notice = [this](Notice news) { notice(news.kind, std::move(news.message), std::move(news.hint)); };
    parts.beforeWork = [this] { limitSideWork(); };
    parts.clock = clock_;
    parts.version = parts_.version;
    generationWorker_ = std::make_unique<GenerationWorker>(std::move(parts));
}

void Session::generate(const SampleRequest& request) { generationWorker_->generate(request); }

void Session::pauseGeneration() { generationWorker_->pause(); }

void Session::continueGeneration() { generationWorker_->continueGeneration(); }

void Session::stepGeneration() { generationWorker_->step(); }

void Session::stopGeneration() { generationWorker_->stop(); }

void Session::examineCell(const CellQuestion& question) { generationWorker_->examine(question); }

GenerationLook Session::generation(std::uint64_t request, std::size_t fromFrame) const {
    return generationWorker_->look(request, fromFrame);
}

std::shared_ptr<const CellAnswer> Session::cellAnswer() const { return generationWorker_->answer(); }

void Session::exportResult(const ExportRequest& request) {
    exports_.add([this, request, present = generationWorker_->present()](const BackgroundJobs::KeepGoing& keepGoing) {
        try {
            if (!parts_.results.exportAs || !parts_.results.read) throw notInThisEngine("export samples");
            if (request.result.empty() && !present)
                throw Error(ErrorCode::NotFound, "There are no samples to export.", "Generate some first.");
            const auto result = request.result.empty() ? *present : parts_.results.read(request.result);
            const auto file = parts_.results.exportAs(result.record, result.frames, request,
                                                      [&keepGoing](double) { return keepGoing(); });
            notice(Notice::Kind::Info, "Exported to " + file.string() + ".", {});
        } catch (...) {
            const Error error = translateError(std::current_exception());
            if (error.code() != ErrorCode::Cancelled) notice(Notice::Kind::Error, error.message(), error.hint());
        }
    });
}

std::vector<std::shared_ptr<const FilmFrame>> Session::film(std::uint64_t generation, std::size_t from) const {
    return store_.film(generation, from);
}

}  // namespace vl
