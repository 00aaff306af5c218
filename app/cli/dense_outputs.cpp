// SPDX-License-Identifier: Apache-2.0
#include "app/cli/dense_outputs.h"

#include <algorithm>

#include "app/cli/sample_arguments.h"
#include "engine/api/data_source.h"
#include "engine/core/error.h"

namespace vl::cli {

namespace fs = std::filesystem;

DenseOutputs::DenseOutputs(std::string place, const DenseInputs& inputs, bool force) : place_(std::move(place)) {
    if (place_.empty()) return;
    requireNew(place_, force);
    const std::string ending = fs::path(place_).extension().string();
    film_ = inputs.film() && (ending == ".mp4" || ending == ".avi");
    folder_ = !film_ && !inputs.single();
    if (folder_ && !ending.empty())
        throw Error(ErrorCode::Usage, place_ + " is one file and there are several pictures.",
                    inputs.film() ? "Name a folder, or a video such as overlay.mp4." : "Name a folder.");
    if (inputs.single() && ending != ".png")
        throw Error(ErrorCode::Usage, place_ + " does not end in .png.", "Overlays of pictures are PNG files.");
    if (folder_) fs::create_directories(place_);
    if (film_) partial_ = fs::path(place_).replace_extension("partial" + ending);
}

DenseOutputs::~DenseOutputs() {
    if (!recorder_) return;
    recorder_.reset();
    std::error_code ignored;
    fs::remove(partial_, ignored);
}

fs::path DenseOutputs::stemFor(const DenseInput& input) {
    const fs::path place(place_);
    return folder_ ? place / names_.take(input.label) : place.parent_path() / place.stem();
}

void DenseOutputs::add(const fs::path& stem, const Image& overlay, double framesPerSecond) {
    if (!film_) {
        writePng(stem.string() + ".png", overlay);
        return;
    }
    if (!recorder_)
        recorder_ = std::make_unique<VideoRecorder>(partial_, overlay.width, overlay.height,
                                                    std::clamp(framesPerSecond > 0 ? framesPerSecond : 10, 1.0, 120.0));
    recorder_->add(overlay);
}

void DenseOutputs::finish() {
    if (!recorder_) return;
    recorder_->finish();
    recorder_.reset();
    fs::rename(partial_, place_);
}

}  // namespace vl::cli
