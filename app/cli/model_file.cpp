// SPDX-License-Identifier: Apache-2.0
#include "app/cli/model_file.h"

#include "engine/core/error.h"
#include "engine/core/resource_paths.h"

namespace vl::cli {

std::filesystem::path findModelFile(const std::string& text) {
    namespace fs = std::filesystem;
    if (text.empty()) {
        const fs::path demo = demoCheckpoint("illama_micro");
        if (!fs::exists(demo))
            throw Error(ErrorCode::NotFound, "The demo checkpoint " + demo.string() + " is not there.",
                        "Name a checkpoint or a run folder.");
        return demo;
    }
    const fs::path path(text);
    if (!fs::exists(path)) throw Error(ErrorCode::NotFound, "There is no " + text + ".", "Check the path.");
    if (!fs::is_directory(path)) return path;
    for (const char* name : {"best.safetensors", "last.safetensors"})
        if (fs::exists(path / "checkpoints" / name)) return path / "checkpoints" / name;
    throw Error(ErrorCode::NotFound, "The folder " + text + " holds no checkpoint.",
                "Name a run folder that has been trained, or a .safetensors file.");
}

std::shared_ptr<LoadedModel> loadModelFile(const std::string& text) { return loadCheckpoint(findModelFile(text)); }

}  // namespace vl::cli
