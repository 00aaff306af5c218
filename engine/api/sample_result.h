// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/generate.h"

namespace vl {

// A stored result is a folder:
//   grid.png     the finished cells, the recipe in its text chunks
//   result.json  recipe, model (path, name, hash), version, time, cells' settings and labels, cell size
//   frames.npz   "noisy" and "clean" [frames, cells, height, width, channels] uint8, "steps" [frames] int32
// Folders are called grid-0001, grid-0002 ... and are never written twice.

/// What result.json and the text of a PNG say.
struct SampleRecord {
    GridRecipe recipe;
    std::filesystem::path model;
    std::filesystem::path autoencoder;
    std::string modelName, modelHash;
    std::string version;                ///< of the program that made it
    double wallSeconds = 0;             ///< when, since 1970
    double seconds = 0;                 ///< how long it took
    int cell = -1;                      ///< a single cell was exported: its index
    GridCells grid;
};

std::string recordToJson(const SampleRecord& record);
/// Unknown keys are ignored. Throws Error(BadFile) in one sentence; `source` names the file.
SampleRecord recordFromJson(std::string_view json, const std::string& source);

/// Key of the PNG text chunk (iTXt) that carries recordToJson.
inline constexpr std::string_view kRecordKey = "visionllama";
/// The record inside a PNG. Throws Error(NotFound | BadFile) for files without one.
SampleRecord recordFromPicture(const std::filesystem::path& png);

/// A stored result as the history shows it.
struct SampleResultInfo {
    std::filesystem::path folder;
    SampleRecord record;
};
/// Newest first; folders that cannot be read are left out, one sentence each in `problems` when given.
std::vector<SampleResultInfo> listSampleResults(const std::filesystem::path& resultsFolder,
                                                std::vector<std::string>* problems = nullptr);
/// What a stored result says about itself. Throws Error(NotFound | BadFile).
SampleRecord readSampleRecord(const std::filesystem::path& folder);
/// Stored frames of a result. Throws Error(NotFound | BadFile).
std::vector<SampleFrame> readSampleFrames(const std::filesystem::path& folder);

/// A new folder grid-NNNN under `resultsFolder` with everything of the result, complete or not there at all.
/// `last` are the finished cells. Throws Error.
std::filesystem::path writeSampleResult(const std::filesystem::path& resultsFolder, const SampleRecord& record,
                                        const std::vector<std::shared_ptr<const SampleFrame>>& frames,
                                        const SampleFrame& last);
/// As ExportRequest says, from a stored result or from these frames; returns the file that was written. `progress` is
/// told the share done; false cancels and removes the file. Throws Error(Usage | Unsupported | Cancelled ...).
std::filesystem::path exportSampleResult(const SampleRecord& record,
                                         const std::vector<std::shared_ptr<const SampleFrame>>& frames,
                                         const ExportRequest& request,
                                         const std::function<bool(double)>& progress = {});

}  // namespace vl
