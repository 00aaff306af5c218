// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "engine/api/data_source.h"
#include "engine/api/run_folder.h"
#include "engine/core/error.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/nn/model.h"
#include "engine/nn/weights_file.h"

namespace vl::test {

/// A segmenter or detector of 128 px with random weights, tiny, as a checkpoint of this program. Classes "kind 0" ...
inline void writeDenseModel(const std::filesystem::path& file, ModelTask task, int classes) {
    const bool detect = task == ModelTask::Detect;
    CheckpointInfo info;
    info.spec = findPreset(detect ? "mask_rcnn_pllama_base" : "upernet_pllama_micro");
    info.spec.name = "small";
    info.spec.pyramid.stages = {{16, 2, 1, 256, 8}, {32, 2, 2, 256, 4}, {64, 2, 4, 256, 2}, {128, 2, 8, 512, 1}};
    info.spec.dim = 128, info.spec.depth = 8, info.spec.heads = 8, info.spec.ffnHidden = 512;
    info.spec.imageSize = 128;
    info.spec.numClasses = classes;
    info.spec.segment.headChannels = info.spec.segment.auxChannels = 16;
    info.spec.detect.fpnChannels = info.spec.detect.maskChannels = 16;
    info.spec.detect.fcChannels = 32;
    info.imagenetColours = true;
    for (int i = 0; i < classes; ++i)
        info.classNames.push_back("kind " + std::to_string(i));
    const auto model = makeModel(info.spec);
    model->initialise(5);
    saveWeights(*model, file, toMetadata(info));
}

/// A square on a gradient; false in builds that cannot read pictures back.
inline bool writeScene(const std::filesystem::path& file, int width, int height, int seed) {
    Image image{width, height, 3, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const bool inside = x > width / 4 && x < width / 2 && y > height / 4 && y < height / 2 + seed;
            for (int c = 0; c < 3; ++c)
                image.pixels.push_back(static_cast<std::uint8_t>(inside ? 40 + 60 * c : (x + y * (c + 1) + 20 * seed) % 256));
        }
    std::filesystem::create_directories(file.parent_path());
    writePng(file, image);
    try {
        readImage(file);
    } catch (const Error& error) {
        return error.code() != ErrorCode::Unsupported;
    }
    return true;
}

}  // namespace vl::test
