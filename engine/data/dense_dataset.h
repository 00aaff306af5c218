// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/dense.h"

namespace vl {

/// One annotated picture.
struct DenseSample {
    std::string name;
    std::filesystem::path file;           ///< empty: none of its own
    Image picture;                        ///< RGB, its own size
    std::vector<std::uint8_t> labels;     ///< segmentation: row by row, kNoClass where nothing counts; empty: none
    std::vector<TrueObject> objects;      ///< detection
};

/// What a dense model learns from one training picture, on the canvas it sees.
struct DenseTarget {
    std::vector<std::uint8_t> labels;     ///< Segment: row by row, kNoClass where nothing counts
    std::vector<TrueObject> objects;      ///< Detect
    int width = 0, height = 0;            ///< of the part of the canvas that is picture
};

/// Pictures with a class for every pixel, or with objects. Reading is thread-safe.
class DenseDataset {
public:
    virtual ~DenseDataset() = default;
    virtual std::int64_t size() const = 0;
    /// Throws Error(BadFile | NotFound | Mismatch) for this sample alone; others stay readable.
    virtual DenseSample read(std::int64_t index) const = 0;
    virtual std::string name(std::int64_t index) const = 0;
    virtual const ClassList& classes() const = 0;
};

enum class DenseSplit { Train, Validation };

/// A data set by the name it has in settings ("ade20k", "coco-stuff", "voc", "masks": any folder of pictures and index
/// masks; "coco": objects) and the folder it lies in. `limit` samples at most, 0: all.
/// Throws Error(NotFound | BadFile | Usage), saying what the layout needs.
std::shared_ptr<const DenseDataset> openSegmentDataset(const std::string& layout, const std::filesystem::path& folder,
                                                       DenseSplit split, std::int64_t limit = 0);
/// COCO: annotations/instances_{train,val}2017.json (or instances_train.json, instances_val.json) beside the folders of
/// pictures. Categories become classes 0.. in the order of their ids.
std::shared_ptr<const DenseDataset> openDetectDataset(const std::filesystem::path& folder, DenseSplit split,
                                                      std::int64_t limit = 0);

}  // namespace vl
