// SPDX-License-Identifier: Apache-2.0
#include "engine/data/coco_truth.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/data/run_mask.h"

namespace vl {
namespace {

constexpr const char* kAdvice = "Correct the annotation, or take it out of the file.";

/// Sorted by id. Throws Error(BadFile) when two share one.
template <typename Element>
void sortById(std::vector<Element>& elements, const char* what) {
    const auto byId = [](const Element& a, const Element& b) { return a.id < b.id; };
    std::stable_sort(elements.begin(), elements.end(), byId);
    for (std::size_t i = 1; i < elements.size(); ++i)
        if (elements[i].id == elements[i - 1].id)
            throw Error(
                ErrorCode::BadFile,
                std::string("A COCO file has two ") + what + " of the number " + std::to_string(elements[i].id) + ".",
                "Give each one a number of its own.");
}

RunMask maskOf(const CocoAnnotation& annotation, const CocoImage& image) {
    if (annotation.polygons.empty()) {
        const RunMask& mask = annotation.mask;
        if (!mask.empty() && (mask.width != image.width || mask.height != image.height))
            throw Error(ErrorCode::Mismatch,
                        "The mask is of a picture of " + std::to_string(mask.width) + " x " +
                            std::to_string(mask.height) + " pixels.",
                        "Masks have the size of their picture.");
        return mask;
    }
    std::vector<RunMask> parts;
    parts.reserve(annotation.polygons.size());
    for (const auto& polygon : annotation.polygons)
        parts.push_back(runMaskOfPolygon(polygon, image.width, image.height));
    return unite(parts);
}

}  // namespace

CocoTruth::CocoTruth(CocoFile file) : images_(std::move(file.images)) {
    sortById(file.categories, "categories");
    sortById(images_, "pictures");
    std::vector<std::string> names;
    for (const CocoCategory& category : file.categories) {
        names.push_back(category.name);
        categoryIds_.push_back(category.id);
    }
    classes_ = classList(std::move(names));
    byImage_.resize(images_.size());
    std::unordered_map<std::int64_t, std::size_t> byId;
    for (std::size_t i = 0; i < images_.size(); ++i) {
        byId[images_[i].id] = i;
        byName_.emplace(images_[i].file, i);
        byName_.emplace(std::filesystem::path(images_[i].file).filename().string(), i);
    }
    for (CocoAnnotation& annotation : file.annotations) {
        const auto found = byId.find(annotation.imageId);
        if (found != byId.end()) byImage_[found->second].push_back(std::move(annotation));
    }
}

std::optional<std::size_t> CocoTruth::find(std::string_view fileName) const {
    auto found = byName_.find(std::string(fileName));
    if (found == byName_.end()) found = byName_.find(std::filesystem::path(fileName).filename().string());
    if (found == byName_.end()) return {};
    return found->second;
}

int CocoTruth::labelOf(std::int64_t categoryId) const {
    const auto found = std::lower_bound(categoryIds_.begin(), categoryIds_.end(), categoryId);
    return found != categoryIds_.end() && *found == categoryId ? static_cast<int>(found - categoryIds_.begin()) : -1;
}

std::vector<TrueObject> CocoTruth::objects(std::size_t index) const {
    const CocoImage& image = images_.at(index);
    const std::string where = printable(image.file.empty() ? "picture " + std::to_string(image.id) : image.file) + ": ";
    if (!image.problem.empty())
        throw Error(ErrorCode::BadFile, image.problem + ".",
                    "Correct the picture's entry, or take it out of the file.");
    std::vector<TrueObject> objects;
    for (const CocoAnnotation& annotation : byImage_[index]) {
        if (!annotation.problem.empty()) throw Error(ErrorCode::BadFile, where + annotation.problem + ".", kAdvice);
        const std::string what = where + "annotation " + std::to_string(annotation.id);
        TrueObject object;
        object.label = labelOf(annotation.categoryId);
        if (object.label < 0)
            throw Error(ErrorCode::BadFile,
                        what + " is of category " + std::to_string(annotation.categoryId) + ", which is not listed.",
                        "List the category, or take the annotation out of the file.");
        try {
            object.mask = maskOf(annotation, image);
        } catch (const Error& error) {
            throw Error(error.code(), what + " cannot be used: " + error.message(), error.hint());
        }
        const auto box = annotation.hasBox ? annotation.box : boundingBox(object.mask);
        object.box = {static_cast<float>(box[0]), static_cast<float>(box[1]), static_cast<float>(box[0] + box[2]),
                      static_cast<float>(box[1] + box[3])};
        object.crowd = annotation.crowd;
        object.area = annotation.area       ? *annotation.area
                      : object.mask.empty() ? box[2] * box[3]
                                            : static_cast<double>(area(object.mask));
        objects.push_back(std::move(object));
    }
    return objects;
}

}  // namespace vl
