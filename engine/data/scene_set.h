// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "engine/data/dense_dataset.h"
#include "engine/data/scene_picture.h"

namespace vl {

/// A folder of made-up scenes, as a segmentation data set in the layout of ADE20K (images/, annotations/,
/// objectInfo.txt, palette.txt: 11 classes, background first) and as a detection data set in the format of COCO
/// (annotations/instances_train.json, instances_val.json: ten classes).
/// With `classFolders`: train/<class>/ and val/<class>/, each picture under the class of its first garment.
struct SceneSettings {
    std::filesystem::path folder;
    std::int64_t train = 8000, validation = 200;
    int smallest = 128, largest = 128;  ///< sides in pixels
    SceneMix mix;
    std::optional<std::pair<int, int>> trainCount;  ///< fewest and most garments of training scenes, if not the mix's
    bool classFolders = false;  ///< a folder of pictures a class, to train a classifier on, instead
    std::uint64_t seed = 0;
    std::string garments;  ///< folder of Fashion-MNIST; empty: its usual place
    int threads = 0;       ///< 0: all processors; the bytes written are the same
};

struct SceneProgress {
    std::int64_t done = 0, all = 0;
    std::int64_t found = 0;  ///< of them: written by an earlier call
    double scenesPerSecond = 0;
};

struct SceneSummary {
    std::int64_t pictures = 0, objects = 0;
    bool cancelled = false;  ///< the same call goes on where this one stopped
};

/// "background" and the ten garments, with their colours.
ClassList sceneClasses();

/// `progress` returns false to stop; it may be called from several threads, one at a time. Training scenes show
/// garments of the training split, validation scenes those of the test split. A folder that holds anything but scenes
/// of the same settings is refused: nothing of anybody's is overwritten. Throws Error(Usage | NotFound | BadFile).
SceneSummary makeScenes(const SceneSettings& settings, const std::function<bool(const SceneProgress&)>& progress);

}  // namespace vl
