// SPDX-License-Identifier: Apache-2.0
#include "engine/session/make_session.h"

#include "engine/api/sample_result.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/core/resource_paths.h"
#include "engine/generate/generators.h"
#include "engine/session/checkpoint_models.h"
#include "engine/session/dense_models.h"
#include "engine/session/probe_machine.h"
#include "engine/train/runtime.h"
#include "engine/train/trainer.h"

namespace vl {
namespace {

ResultFiles storedResults() {
    ResultFiles files;
    files.write = &writeSampleResult;
    files.exportAs = &exportSampleResult;
    files.read = [](const std::filesystem::path& folder) {
        GenerationWorker::Present present{readSampleRecord(folder), {}};
        for (SampleFrame& frame : readSampleFrames(folder))
            present.frames.push_back(std::make_shared<const SampleFrame>(std::move(frame)));
        return present;
    };
    return files;
}

}  // namespace

SessionParts standardParts(const EngineOptions& options) {
    setComputeThreads(options.threads);
    SessionParts parts;
    const int threads = options.threads;
    parts.runs.start = [threads](const RunSettings& settings, const std::filesystem::path& runsFolder) {
        setComputeThreads(threads);
        return Trainer::start(settings, nextRunFolder(runsFolder, settings.name));
    };
    parts.runs.resume = [threads](const std::filesystem::path& folder, std::optional<std::int64_t> newTotal) {
        setComputeThreads(threads);
        return Trainer::resume(folder, newTotal);
    };
    auto models = std::make_shared<CheckpointModels>(demoCheckpoint("illama_micro", options.resources));
    parts.look = [models](const InspectRequest& request) { return models->look(request); };
    parts.checkpoint = &inspectCheckpoint;
    auto generators = std::make_shared<Generators>(options.resources);
    parts.generate = [generators](const SampleRequest& request, const std::function<bool(double)>& opening) {
        return generators->open(request, opening);
    };
    parts.results = storedResults();
    auto dense = std::make_shared<DenseModels>(options.resources);
    parts.dense = [dense](const DenseRequest& request) { return dense->open(request); };
    parts.version = VL_VERSION;
    parts.threads = threads;
    parts.probe = [threads] { return probeMachine(threads); };
    return parts;
}

std::unique_ptr<Engine> makeEngine(const EngineOptions& options) {
    tuneAllocator();
    return std::make_unique<Session>(standardParts(options));
}

}  // namespace vl
