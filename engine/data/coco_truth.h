// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/data/coco_file.h"

namespace vl {

/// A COCO file by picture, with its categories as classes 0.. in the order of their ids. Reading is thread-safe.
class CocoTruth {
public:
    /// Pictures are put in the order of their ids. Throws Error(BadFile) when two pictures or categories share an id.
    explicit CocoTruth(CocoFile file);

    const ClassList& classes() const { return classes_; }
    std::size_t size() const { return images_.size(); }
    const CocoImage& image(std::size_t index) const { return images_.at(index); }
    /// Annotations of a picture, crowds included.
    std::size_t annotated(std::size_t index) const { return byImage_.at(index).size(); }
    /// The picture of that file name, with or without folders before it.
    std::optional<std::size_t> find(std::string_view fileName) const;

    /// In the order of the file, masks filled. Throws Error(BadFile | Mismatch), naming picture and annotation, when
    /// one of them cannot be used (empty polygon, a category that is not listed, runs of another size).
    std::vector<TrueObject> objects(std::size_t index) const;

    /// The class of a category, -1: not listed; and back.
    int labelOf(std::int64_t categoryId) const;
    std::int64_t categoryOf(int label) const { return categoryIds_.at(static_cast<std::size_t>(label)); }

private:
    ClassList classes_;
    std::vector<std::int64_t> categoryIds_;  ///< ascending
    std::vector<CocoImage> images_;
    std::vector<std::vector<CocoAnnotation>> byImage_;
    std::unordered_map<std::string, std::size_t> byName_;
};

}  // namespace vl
