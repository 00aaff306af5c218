// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// What an export is made of. Pictures come one at a time because long lists have dropped theirs.
struct ExportSource {
    ClassList classes;
    std::string modelName, modelSource;
    std::vector<int> pictures;            ///< indices that are asked for
    /// With pixels, classes and masks. Throws Error when that picture cannot be had any more.
    std::function<std::shared_ptr<const DensePicture>(int index)> picture;
    std::function<std::int64_t(int index)> imageId;  ///< in a COCO document; unique
    std::function<bool()> keepGoing;
    std::optional<SegmentScores> segmentScores;
    std::optional<DetectScores> detectScores;
};

/// Writes one file for one picture or one document, else a folder of files; names that are taken get a number. One
/// sentence that says what was written where. Throws Error; Error(Cancelled) when keepGoing says so.
std::string exportPictures(const DenseExport& request, const ExportSource& source);

}  // namespace vl
