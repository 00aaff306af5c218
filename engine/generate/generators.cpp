// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/generators.h"

#include <algorithm>
#include <chrono>

#include "engine/checkpoint/checkpoint.h"
#include "engine/core/error.h"
#include "engine/core/resource_paths.h"
#include "engine/core/sha256.h"
#include "engine/core/text.h"
#include "engine/io/mapped_file.h"

namespace vl {
namespace {

/// A denoiser and its autoencoder, and the pair before.
constexpr std::size_t kKept = 4;

std::string nameOf(const CheckpointInfo& info) {
    return info.step > 0 ? info.spec.name + " at step " + thousands(info.step) : info.spec.name;
}

}  // namespace

std::string shortHash(const std::filesystem::path& file) {
    const MappedFile mapped(file);
    return sha256Of(mapped.bytes()).substr(0, 12);
}

std::filesystem::path Generators::fileOf(const SampleRequest& request) const {
    return request.model.empty() ? demoCheckpoint("sitllama_micro", resources_) : request.model;
}

const Generators::Kept& Generators::get(const std::filesystem::path& file, const std::function<bool(double)>& opening) {
    std::error_code failed;
    const auto written = std::filesystem::last_write_time(file, failed);
    const auto known = std::ranges::find_if(
        kept_, [&](const Kept& kept) { return kept.file == file && !failed && kept.written == written; });
    if (known != kept_.end()) {
        kept_.splice(kept_.begin(), kept_, known);
        return kept_.front();
    }
    const ReadWatcher watch = [&opening](const ReadProgress& progress) {
        const double total = static_cast<double>(std::max<std::uint64_t>(progress.totalBytes, 1));
        return !opening || opening(static_cast<double>(progress.doneBytes) / total);
    };
    CheckpointOptions options;
    options.averaged = true;  // samples are published from the average
    OpenedCheckpoint opened = openCheckpoint(file, options, watch);
    // Large files take seconds to hash; nobody waits for it before the first picture.
    std::shared_future<std::string> hash = std::async(std::launch::async, [file] { return shortHash(file); }).share();
    kept_.remove_if([&](const Kept& kept) { return kept.file == file; });
    kept_.push_front({file, written, std::move(opened.info), std::move(opened.model), std::move(hash)});
    if (kept_.size() > kKept) kept_.pop_back();
    return kept_.front();
}

SampleModel Generators::model(const SampleRequest& request, const std::function<bool(double)>& opening) {
    const std::filesystem::path file = fileOf(request);
    SampleModel model;
    const Kept& kept = get(file, opening);
    model.denoiser = std::dynamic_pointer_cast<Denoiser>(kept.model);
    if (!model.denoiser)
        throw Error(ErrorCode::Unsupported,
                    file.filename().string() + " holds '" + kept.info.spec.name + "', which does not generate pictures.",
                    "Choose a checkpoint of a DiT or SiT model.");
    model.classNames = kept.info.classNames;
    model.name = nameOf(kept.info);
    model.hash = [hash = kept.hash] { return hash.get(); };
    // Small files are through already; then the plan names it from the start.
    if (kept.hash.wait_for(std::chrono::milliseconds(50)) == std::future_status::ready) model.knownHash = kept.hash.get();
    if (!request.autoencoder.empty() && kept.info.spec.diffusion.latent) {
        model.autoencoder = std::dynamic_pointer_cast<Autoencoder>(get(request.autoencoder, opening).model);
        if (!model.autoencoder)
            throw Error(ErrorCode::Mismatch, request.autoencoder.filename().string() + " holds no autoencoder.",
                        "Choose the autoencoder that the model's latents come from.");
    }
    return model;
}

std::unique_ptr<GenerationJob> Generators::open(const SampleRequest& request,
                                                const std::function<bool(double)>& opening) {
    return std::make_unique<SampleJob>(model(request, opening), request.recipe);
}

}  // namespace vl
