// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/api/dense.h"
#include "engine/data/coco_truth.h"

namespace vl {

/// What is known to be true of pictures: masks of the same name, or a COCO file. Looked for where a request says, else
/// beside the picture as the known layouts have it: images/.. beside annotations/.. (ADE20K, classes counted from one
/// where there are 150), masks/.., labels/.., JPEGImages beside SegmentationClass, stuffthingmaps; for objects
/// annotations/instances_FOLDER.json and its relatives. For one thread.
class PictureTruth {
public:
    PictureTruth(std::filesystem::path given, ClassList classes) : given_(std::move(given)), classes_(std::move(classes)) {}

    /// Labels of a picture of that size, kNoClass where nothing counts; null: none is known.
    /// Throws Error(BadFile | Mismatch) for a mask that does not fit picture or model.
    std::shared_ptr<const PixelClasses> labels(const std::filesystem::path& picture, int width, int height) const;
    /// Objects with the model's classes, by name and else by place in the list; those of other classes are left out.
    std::optional<std::vector<TrueObject>> objects(const std::filesystem::path& picture);
    /// The picture's number in the COCO file; -1: none.
    std::int64_t imageId(const std::filesystem::path& picture);

private:
    struct Opened {
        std::unique_ptr<CocoTruth> truth;  ///< null: it cannot be read; said once
        std::vector<int> labels;           ///< of the model, by the file's; -1: none
    };
    Opened* fileFor(const std::filesystem::path& picture);

    std::filesystem::path given_;
    ClassList classes_;
    std::map<std::filesystem::path, Opened> files_;
};

}  // namespace vl
