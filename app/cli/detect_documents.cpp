// SPDX-License-Identifier: Apache-2.0
#include "app/cli/detect_documents.h"

#include <algorithm>
#include <array>

#include "engine/core/text.h"
#include "engine/data/run_mask.h"

namespace vl::cli {
namespace {

nlohmann::ordered_json maskJson(const RunMask& mask) {
    return {{"size", {mask.height, mask.width}}, {"counts", runMaskText(mask)}};
}

/// Hundredths of a pixel, as result files of this size usually have.
double rounded(float value) { return static_cast<double>(static_cast<std::int64_t>(value * 100.0F + (value < 0 ? -0.5F : 0.5F))) / 100; }

}  // namespace

nlohmann::ordered_json objectsJson(const DenseInput& input, const std::vector<FoundObject>& objects,
                                   const ClassList& list, bool masks) {
    nlohmann::ordered_json found = nlohmann::ordered_json::array();
    for (const FoundObject& object : objects) {
        found.push_back({{"class", className(list, object.label)},
                         {"index", object.label},
                         {"score", object.score},
                         {"box", {object.box[0], object.box[1], object.box[2], object.box[3]}}});
        if (masks && !object.mask.empty()) found.back()["mask"] = maskJson(object.mask);
    }
    return {{"image", input.name}, {"width", input.picture.width}, {"height", input.picture.height}, {"objects", found}};
}

int cocoCategory(const ClassList& list, int index) {
    // Numbers between 1 and 90 that COCO's detection task does not use.
    constexpr std::array<int, 10> kUnused = {12, 26, 29, 30, 45, 66, 68, 69, 71, 83};
    int category = index + 1;
    const bool coco = list.names.size() == 80 && list.names.front() == "person" && list.names.back() == "toothbrush";
    for (const int unused : kUnused)
        if (coco && unused <= category) ++category;
    return category;
}

std::int64_t cocoImageId(const std::string& label, std::int64_t order) {
    const bool digits = !label.empty() && std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
    const auto number = digits ? parseInteger(label) : std::nullopt;
    return number.value_or(order);
}

void appendCocoResults(nlohmann::ordered_json& results, std::int64_t imageId, const std::vector<FoundObject>& objects,
                       const ClassList& list) {
    for (const FoundObject& object : objects) {
        const auto& [x1, y1, x2, y2] = object.box;
        results.push_back({{"image_id", imageId},
                           {"category_id", cocoCategory(list, object.label)},
                           {"bbox", {rounded(x1), rounded(y1), rounded(x2 - x1), rounded(y2 - y1)}},
                           {"score", object.score}});
        if (!object.mask.empty()) results.back()["segmentation"] = maskJson(object.mask);
    }
}

}  // namespace vl::cli
