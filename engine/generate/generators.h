// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <future>
#include <list>
#include <memory>
#include <string>

#include "engine/api/run_folder.h"
#include "engine/generate/sample_job.h"

namespace vl {

/// Opens models for requests and keeps the last few. For one thread.
class Generators {
public:
    /// `resources`: folder with demo/, whose flow model serves requests that name none.
    explicit Generators(std::filesystem::path resources) : resources_(std::move(resources)) {}

    /// As OpenGeneration. Throws Error(NotFound | BadFile | Mismatch | Cancelled), Error(Usage) for recipes the model
    /// cannot follow and Error(Unsupported) for models that generate nothing.
    std::unique_ptr<GenerationJob> open(const SampleRequest& request, const std::function<bool(double)>& opening);
    /// The request's model alone, and the file it came from.
    SampleModel model(const SampleRequest& request, const std::function<bool(double)>& opening);
    std::filesystem::path fileOf(const SampleRequest& request) const;

private:
    struct Kept {
        std::filesystem::path file;
        std::filesystem::file_time_type written;
        CheckpointInfo info;
        std::shared_ptr<Model> model;
        std::shared_future<std::string> hash;
    };
    const Kept& get(const std::filesystem::path& file, const std::function<bool(double)>& opening);

    std::filesystem::path resources_;
    std::list<Kept> kept_;  ///< most recently used first
};

/// The first 12 hexadecimal digits of the file's SHA-256. Throws Error(NotFound | BadFile).
std::string shortHash(const std::filesystem::path& file);

}  // namespace vl
