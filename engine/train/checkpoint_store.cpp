// SPDX-License-Identifier: Apache-2.0
#include "engine/train/checkpoint_store.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/io/safetensors.h"
#include "engine/nn/weights_file.h"

namespace vl {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPair = "visionllama.pair";
constexpr const char* kOptimiserSteps = "visionllama.optimizer_steps";
constexpr const char* kLast = "last.safetensors";
constexpr const char* kOptimiser = "last.optimizer.safetensors";
constexpr const char* kNextOptimiser = "next.optimizer.safetensors";
constexpr const char* kBest = "best.safetensors";
constexpr const char* kNumberedPrefix = "step-";
constexpr std::string_view kOwn = "model.";  // before the names of trained weights in the optimiser's file

/// Step and time: two saves of one step (after an edit, by another process) must not be taken for one pair.
std::string pairMark(std::int64_t step) {
    return std::to_string(step) + "-" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
}

std::string mark(const Metadata& metadata) {
    const auto found = metadata.find(kPair);
    return found == metadata.end() ? std::string() : found->second;
}

}  // namespace

CheckpointStore::CheckpointStore(fs::path runFolder, int keepNumbered)
    : folder_(std::move(runFolder) / "checkpoints"), keepNumbered_(keepNumbered) {}

fs::path CheckpointStore::saveLast(Model& model, const AdamW& optimiser, const CheckpointInfo& info,
                                   const TensorMap& own) {
    fs::create_directories(folder_);
    const std::string pair = pairMark(info.step);
    Metadata optimiserMetadata = {{kPair, pair},
                                  {"visionllama.step", std::to_string(info.step)},
                                  {kOptimiserSteps, std::to_string(optimiser.steps())}};
    TensorMap state = optimiser.state();
    for (const auto& [name, tensor] : own)
        state[std::string(kOwn) + name] = tensor;
    writeTensors(folder_ / kNextOptimiser, state, optimiserMetadata);
    Metadata metadata = toMetadata(info);
    metadata[kPair] = pair;
    saveWeights(model, folder_ / kLast, metadata);
    fs::rename(folder_ / kNextOptimiser, folder_ / kOptimiser);
    linkNumbered(info.step);
    dropOldNumbered();
    return folder_ / kLast;
}

fs::path CheckpointStore::saveBest(Model& model, const CheckpointInfo& info) {
    fs::create_directories(folder_);
    saveWeights(model, folder_ / kBest, toMetadata(info));
    return folder_ / kBest;
}

CheckpointStore::Loaded CheckpointStore::loadLast() const {
    const fs::path file = folder_ / kLast;
    if (!fs::exists(file))
        throw Error(ErrorCode::NotFound,
                    "The run folder " + folder_.parent_path().string() + " holds no checkpoint to resume from.",
                    "Start the run again; a checkpoint is written every checkpoint.every steps and at a stop.");
    Loaded loaded;
    Metadata metadata;
    loaded.weights = readTensors(file, &metadata);
    loaded.info = fromMetadata(metadata, file);
    for (const char* name : {kOptimiser, kNextOptimiser}) {
        if (!fs::exists(folder_ / name)) continue;
        Metadata own;
        TensorMap state;
        try {
            state = readTensors(folder_ / name, &own);
        } catch (const Error&) {
            continue;  // the other one may be whole
        }
        if (mark(own).empty() || mark(own) != mark(metadata)) continue;
        for (auto& [tensorName, tensor] : state) {
            if (tensorName.starts_with(kOwn)) loaded.own[tensorName.substr(kOwn.size())] = tensor;
            else loaded.optimiser[tensorName] = tensor;
        }
        loaded.optimiserSteps = parseInteger(own[kOptimiserSteps]).value_or(loaded.info.step);
        return loaded;
    }
    throw Error(ErrorCode::Mismatch,
                "The optimiser state beside " + file.string() + " belongs to another checkpoint or is damaged.",
                "Start a new run from the weights alone with --set model.init_from=" + file.string() + ".");
}

void CheckpointStore::tidyUp() const {
    std::vector<fs::path> leftovers;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder_, ignored))
        if (entry.path().filename().string().find(".safetensors.tmp") != std::string::npos)
            leftovers.push_back(entry.path());
    for (const fs::path& file : leftovers)
        fs::remove(file, ignored);
    if (!fs::exists(folder_ / kNextOptimiser, ignored)) return;
    try {
        const std::string next = mark(SafetensorsFile::open(folder_ / kNextOptimiser).metadata());
        if (next == mark(SafetensorsFile::open(folder_ / kLast).metadata()))
            fs::rename(folder_ / kNextOptimiser, folder_ / kOptimiser);
    } catch (const Error&) {  // damaged: the next save replaces it
    }
}

void CheckpointStore::linkNumbered(std::int64_t step) const {
    if (keepNumbered_ <= 0) return;
    char name[48];
    std::snprintf(name, sizeof name, "%s%08lld.safetensors", kNumberedPrefix, static_cast<long long>(step));
    std::error_code ignored;
    fs::remove(folder_ / name, ignored);
    // last.safetensors is only ever replaced by renaming, so a second name for its bytes stays what it is.
    fs::create_hard_link(folder_ / kLast, folder_ / name, ignored);
    if (ignored) fs::copy_file(folder_ / kLast, folder_ / name, fs::copy_options::overwrite_existing, ignored);
}

void CheckpointStore::dropOldNumbered() const {
    std::vector<fs::path> numbered;
    for (const auto& entry : fs::directory_iterator(folder_)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(kNumberedPrefix) && name.ends_with(".safetensors")) numbered.push_back(entry.path());
    }
    std::sort(numbered.begin(), numbered.end());
    std::error_code ignored;
    while (numbered.size() > static_cast<std::size_t>(std::max(0, keepNumbered_))) {
        fs::remove(numbered.front(), ignored);
        numbered.erase(numbered.begin());
    }
}

}  // namespace vl
