// SPDX-License-Identifier: Apache-2.0
#include "engine/io/run_folder_writer.h"

#include "engine/api/run_folder.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/io/run_rows.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

const Clock& clockOr(const Clock* clock) {
    static const SystemClock system;
    return clock ? *clock : system;
}

}  // namespace

RunFolderWriter::RunFolderWriter(const fs::path& folder, const Clock& clock)
    : folder_(folder),
      clock_(&clock),
      lock_(folder),
      metrics_(folder / "metrics.jsonl"),
      events_(folder / "events.jsonl"),
      board_(folder, clock.wallSeconds()) {}

RunFolderWriter RunFolderWriter::create(const fs::path& folder, const RunSettings& settings, const Clock* clock) {
    if (isRunFolder(folder)) throw Error(ErrorCode::Usage, folder.string() + " already holds a run.", "Resume it, or choose another folder.");
    std::error_code error;
    for (const auto* part : {"checkpoints", "samples"}) fs::create_directories(folder / part, error);
    if (error)
        throw Error(ErrorCode::BadFile, "The run folder " + folder.string() + " cannot be made: " + error.message() + ".",
                    "Choose a folder that may be written.");
    RunFolderWriter writer(folder, clockOr(clock));
    writer.writeSettings(settings);
    return writer;
}

RunFolderWriter RunFolderWriter::resume(const fs::path& folder, const RunSettings& settings, std::int64_t step, const Clock* clock) {
    if (!isRunFolder(folder))
        throw Error(ErrorCode::NotFound, folder.string() + " holds no run.", "Name a folder that has a run.toml.");
    RunFolderWriter writer(folder, clockOr(clock));
    writer.metrics_.endTornLine();
    writer.events_.endTornLine();
    writer.metrics_.append(resumeRowText(step));
    writer.writeSettings(settings);
    return writer;
}

void RunFolderWriter::append(const StepMetrics& row) {
    metrics_.append(rowText(row));
    const TensorBoardWriter::Scalar scalars[] = {
        {"train/loss", row.loss},   {"train/accuracy", row.accuracy}, {"train/grad_norm", row.gradNorm}, {"train/images_per_second", row.imagesPerSecond},
        {"schedule/lr", row.lr},    {"schedule/alpha", row.alpha},    {"schedule/epoch", row.epoch}};
    board_.scalars(clock_->wallSeconds(), row.step, scalars);
}

void RunFolderWriter::append(const EvalMetrics& row) {
    metrics_.append(rowText(row));
    std::vector<TensorBoardWriter::Scalar> scalars = {{"eval/loss", row.loss}};
    if (row.accuracy >= 0) scalars.push_back({"eval/accuracy", row.accuracy});
    if (row.meanIou >= 0) scalars.push_back({"eval/mean_iou", row.meanIou});
    if (row.boxAp >= 0) {
        scalars.push_back({"eval/box_ap", row.boxAp});
        scalars.push_back({"eval/box_ap50", row.boxAp50});
        scalars.push_back({"eval/mask_ap", row.maskAp});
    }
    if (row.frechet >= 0) scalars.push_back({"eval/frechet", row.frechet});
    board_.scalars(clock_->wallSeconds(), row.step, scalars);
}

void RunFolderWriter::append(const RunEvent& event) {
    events_.append(rowText(event));
    const bool milestone = event.kind == RunEventKind::Checkpoint || event.kind == RunEventKind::Finish || event.kind == RunEventKind::Fail;
    if (!milestone) return;
    metrics_.sync();
    events_.sync();
    board_.sync();
}

void RunFolderWriter::writeSettings(const RunSettings& settings) { writeFileAtomically(folder_ / "run.toml", settingsToToml(settings)); }

}  // namespace vl
