// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "app/cli/dense_arguments.h"
#include "engine/api/model_spec.h"

namespace vl::cli {

/// What `eval` was asked for a segmenter or detector.
struct DenseEvalArguments {
    std::string model;            ///< file or run folder
    std::string layout, path;     ///< empty: those of the run
    std::string json, csv;        ///< files; "-": JSON is printed
    std::string fit;              ///< segmentation: "2048x512", what pictures are fitted into first
    std::int64_t limit = 0;
    SegmentHow how;
    bool force = false;
};

/// What a checkpoint's model is for, by its own description or by recognition. Throws Error(NotFound | BadFile).
ModelTask taskOf(const std::filesystem::path& file);

/// Measures it on the validation split. Where a file is written, a journal beside it keeps every picture's part, so that
/// the same command continues after Ctrl-C. Returns 1 when pictures were left out.
int evaluateDense(const DenseEvalArguments& arguments, ModelTask task);

}  // namespace vl::cli
