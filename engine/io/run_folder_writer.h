// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/api/settings.h"
#include "engine/api/types.h"
#include "engine/core/clock.h"
#include "engine/io/append_file.h"
#include "engine/io/tensorboard.h"
#include "engine/io/writer_lock.h"

namespace vl {

/// Writes what a run says about itself: run.toml, metrics.jsonl, events.jsonl and a TensorBoard file; makes room for
/// checkpoints/ and samples/. Rows reach the operating system one by one. All calls from one thread; every one throws
/// Error(BadFile) when the disk refuses.
class RunFolderWriter {
public:
    /// A new run. Throws Error(Usage) when the folder already holds one.
    static RunFolderWriter create(const std::filesystem::path& folder, const RunSettings& settings, const Clock* clock = nullptr);
    /// Goes on with a run after `step`: rows of later steps are declared void, nothing is rewritten.
    static RunFolderWriter resume(const std::filesystem::path& folder, const RunSettings& settings, std::int64_t step,
                                  const Clock* clock = nullptr);

    void append(const StepMetrics& row);
    void append(const EvalMetrics& row);
    /// Checkpoints and ends are waited for until the disk has them.
    void append(const RunEvent& event);
    /// After an edit: run.toml always holds the settings in force.
    void writeSettings(const RunSettings& settings);

private:
    RunFolderWriter(const std::filesystem::path& folder, const Clock& clock);

    std::filesystem::path folder_;
    const Clock* clock_;
    WriterLock lock_;
    AppendFile metrics_, events_;
    TensorBoardWriter board_;
};

}  // namespace vl
