// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/data/coco_file.h"
#include "engine/data/run_mask.h"

namespace vl {
namespace {

using Json = nlohmann::ordered_json;

/// One element a line, so that files can be looked at and compared.
class Lines {
public:
    explicit Lines(AtomicFile& file) : file_(file) {}
    void add(const Json& element) {
        text_ += first_ ? "\n" : ",\n";
        text_ += element.dump(-1, ' ', false, Json::error_handler_t::replace);
        first_ = false;
        if (text_.size() > (1u << 20)) flush();
    }
    void flush() {
        file_.write(text_);
        text_.clear();
    }

private:
    AtomicFile& file_;
    std::string text_;
    bool first_ = true;
};

template <typename Element, typename ToJson>
void writeList(AtomicFile& file, const std::vector<Element>& elements, ToJson&& toJson) {
    Lines lines(file);
    for (const Element& element : elements)
        lines.add(toJson(element));
    lines.flush();
}

Json runsOf(const RunMask& mask, bool asText) {
    Json object{{"size", {mask.height, mask.width}}};
    object["counts"] = asText ? Json(runMaskText(mask)) : Json(mask.runs);
    return object;
}

Json segmentationOf(const CocoAnnotation& annotation, CocoMasks masks) {
    if (!annotation.polygons.empty()) return annotation.polygons;
    if (annotation.mask.empty()) return Json::array();
    // No pixel has no outline; other readers stumble over a list without polygons.
    if (masks == CocoMasks::Runs || area(annotation.mask) == 0) return runsOf(annotation.mask, true);
    if (annotation.crowd) return runsOf(annotation.mask, false);
    return polygonsOf(annotation.mask);
}

/// The mask of an annotation of polygons, on its picture or, where that is not listed, on a canvas that holds them.
RunMask filled(const CocoAnnotation& annotation, const CocoImage* image) {
    if (!annotation.mask.empty() || annotation.polygons.empty()) return annotation.mask;
    if (!image)
        throw Error(ErrorCode::Usage,
                    "An annotation belongs to picture " + std::to_string(annotation.imageId) + ", which is not listed.",
                    "List every picture.");
    std::vector<RunMask> parts;
    for (const auto& polygon : annotation.polygons)
        parts.push_back(runMaskOfPolygon(polygon, image->width, image->height));
    return unite(parts);
}

}  // namespace

void writeCocoFile(const std::filesystem::path& path, const CocoFile& content, CocoMasks masks) {
    std::unordered_map<std::int64_t, const CocoImage*> images;
    for (const CocoImage& image : content.images)
        images[image.id] = &image;
    AtomicFile file(path);
    file.write("{\"images\": [");
    writeList(file, content.images, [](const CocoImage& image) {
        return Json{{"id", image.id}, {"width", image.width}, {"height", image.height}, {"file_name", image.file}};
    });
    file.write("\n],\n\"categories\": [");
    writeList(file, content.categories, [](const CocoCategory& category) {
        return Json{{"id", category.id}, {"name", category.name}};
    });
    file.write("\n],\n\"annotations\": [");
    writeList(file, content.annotations, [&](const CocoAnnotation& annotation) {
        const auto found = images.find(annotation.imageId);
        const bool incomplete = !annotation.hasBox || !annotation.area;
        const RunMask mask =
            incomplete ? filled(annotation, found == images.end() ? nullptr : found->second) : RunMask{};
        const auto box = annotation.hasBox ? annotation.box : boundingBox(mask);
        const double size = annotation.area ? *annotation.area
                            : mask.empty()  ? box[2] * box[3]
                                            : static_cast<double>(area(mask));
        return Json{{"id", annotation.id},
                    {"image_id", annotation.imageId},
                    {"category_id", annotation.categoryId},
                    {"bbox", box},
                    {"area", size},
                    {"iscrowd", annotation.crowd ? 1 : 0},
                    {"segmentation", segmentationOf(annotation, masks)}};
    });
    file.write("\n]}\n");
    file.commit();
}

CocoResult cocoResult(const FoundObject& object, std::int64_t imageId, std::int64_t categoryId) {
    const double left = object.box[0], top = object.box[1];
    return {imageId, categoryId, {left, top, object.box[2] - left, object.box[3] - top}, object.score, object.mask};
}

FoundObject foundObject(const CocoResult& result, int label) {
    const auto& [x, y, width, height] = result.box;
    return {
        {static_cast<float>(x), static_cast<float>(y), static_cast<float>(x + width), static_cast<float>(y + height)},
        label,
        static_cast<float>(result.score),
        result.mask};
}

void writeCocoResults(const std::filesystem::path& path, const std::vector<CocoResult>& results) {
    AtomicFile file(path);
    file.write("[");
    writeList(file, results, [](const CocoResult& result) {
        Json object{{"image_id", result.imageId},
                    {"category_id", result.categoryId},
                    {"bbox", result.box},
                    {"score", result.score}};
        if (!result.mask.empty()) object["segmentation"] = runsOf(result.mask, true);
        return object;
    });
    file.write("\n]\n");
    file.commit();
}

}  // namespace vl
