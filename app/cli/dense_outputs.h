// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/dense_inputs.h"
#include "engine/api/types.h"
#include "engine/data/video_recorder.h"

namespace vl::cli {

/// Where overlays go: one file for one picture, a video for a video, else a folder with a file for each input.
class DenseOutputs {
public:
    /// `place` empty: nowhere. Throws Error(Usage) for a place that is taken and may not be replaced, or that does not
    /// fit the inputs.
    DenseOutputs(std::string place, const DenseInputs& inputs, bool force);
    ~DenseOutputs();

    bool wanted() const { return !place_.empty(); }
    /// The file name without ending that `input` gets, the same for everything written of it.
    std::filesystem::path stemFor(const DenseInput& input);
    void add(const std::filesystem::path& stem, const Image& overlay, double framesPerSecond);
    /// Gives a video its name. Without it an unfinished one is removed.
    void finish();
    const std::string& place() const { return place_; }

private:
    std::string place_;
    bool film_ = false, folder_ = false;
    UniqueNames names_;
    std::unique_ptr<VideoRecorder> recorder_;
    std::filesystem::path partial_;
};

}  // namespace vl::cli
