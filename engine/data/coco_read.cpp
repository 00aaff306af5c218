// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/data/coco_elements.h"
#include "engine/data/coco_file.h"
#include "engine/data/run_mask.h"

namespace vl {
namespace {

using detail::idIn;
using nlohmann::json;

constexpr std::uintmax_t kLargestFile = std::uintmax_t{2} << 30;
constexpr std::int64_t kMostPixels = 100'000'000;  // what readImage() reads
constexpr const char* kAdvice = "Correct the entry, or take it out of the file.";

/// A whole number, also written as 640.0; -1: none, or one no side of a picture has.
int sideIn(const json& value) {
    if (!value.is_number()) return -1;
    const double number = value.get<double>();
    return number >= 1 && number <= kMostPixels && number == std::floor(number) ? static_cast<int>(number) : -1;
}

bool tooLarge(std::int64_t width, std::int64_t height) { return width > kMostPixels / height; }

std::optional<std::vector<double>> numbersOf(const json& list) {
    if (!list.is_array()) return {};
    std::vector<double> numbers;
    numbers.reserve(list.size());
    for (const json& value : list) {
        if (!value.is_number()) return {};
        numbers.push_back(value.get<double>());
        if (!std::isfinite(numbers.back())) return {};
    }
    return numbers;
}

/// A name that stays below the folder of the pictures.
bool staysInside(const std::filesystem::path& name) {
    if (name.empty() || name.is_absolute()) return false;
    for (const auto& part : name)
        if (part == "..") return false;
    return true;
}

CocoImage imageOf(const json& element, const std::string& where) {
    CocoImage image;
    image.id = idIn(element, "id", where + ": a picture");
    const std::string what = "Picture " + std::to_string(image.id);
    const auto name = element.find("file_name");
    if (name == element.end() || !name->is_string())
        image.problem = what + " has no file_name";
    else
        image.file = name->get<std::string>();
    if (image.problem.empty() && !staysInside(image.file))
        image.problem = what + " has a file_name outside the folder of pictures: '" + printable(image.file) + "'";
    image.width = element.contains("width") ? sideIn(element["width"]) : -1;
    image.height = element.contains("height") ? sideIn(element["height"]) : -1;
    const bool sizeless = image.width < 1 || image.height < 1 || tooLarge(image.width, image.height);
    if (sizeless) image.width = image.height = 0;
    if (sizeless && image.problem.empty()) image.problem = what + " has no width and height, or impossible ones";
    return image;
}

void readPolygons(const json& list, CocoAnnotation& annotation) {
    for (const json& entry : list) {
        auto corners = numbersOf(entry);
        if (!corners) {
            annotation.problem = "has a polygon that is no list of numbers";
        } else if (corners->size() < 6 || corners->size() % 2 != 0) {
            annotation.problem = corners->empty()           ? "has an empty polygon"
                                 : corners->size() % 2 != 0 ? "has a polygon with a corner without y"
                                                            : "has a polygon of fewer than three corners";
        } else {
            annotation.polygons.push_back(std::move(*corners));
        }
    }
}

RunMask maskOfRuns(const json& counts, int width, int height) {
    const Error bad(ErrorCode::BadFile, "The runs of a mask do not fill its picture.",
                    "The runs sum to width times height.");
    RunMask mask{width, height, {}};
    std::int64_t left = static_cast<std::int64_t>(width) * height;
    for (const json& entry : counts) {
        if (!entry.is_number_unsigned() && !(entry.is_number_integer() && entry.get<std::int64_t>() >= 0)) throw bad;
        const auto run = entry.get<std::uint64_t>();
        if (run > static_cast<std::uint64_t>(left)) throw bad;
        mask.runs.push_back(static_cast<std::uint32_t>(run));
        left -= static_cast<std::int64_t>(run);
    }
    if (left != 0) throw bad;
    return mask;
}

/// {"size": [height, width], "counts": text or list}. Throws Error(BadFile).
RunMask maskOf(const json& object) {
    const auto size = object.find("size"), counts = object.find("counts");
    const bool sized = size != object.end() && size->is_array() && size->size() == 2;
    const int height = sized ? sideIn((*size)[0]) : -1, width = sized ? sideIn((*size)[1]) : -1;
    if (height < 1 || width < 1 || tooLarge(width, height))
        throw Error(ErrorCode::BadFile, "A mask has no size, or an impossible one.", kAdvice);
    if (counts != object.end() && counts->is_string())
        return runMaskFromText(counts->get_ref<const std::string&>(), width, height);
    if (counts != object.end() && counts->is_array()) return maskOfRuns(*counts, width, height);
    throw Error(ErrorCode::BadFile, "A mask has no counts.", kAdvice);
}

void readSegmentation(const json& value, CocoAnnotation& annotation) {
    if (value.is_array()) return readPolygons(value, annotation);
    if (!value.is_object()) {
        annotation.problem = "has a segmentation that is neither polygons nor runs";
        return;
    }
    try {
        annotation.mask = maskOf(value);
    } catch (const Error& error) {
        const std::string message = error.message();
        annotation.problem = "has a broken mask (" + message.substr(0, message.size() - 1) + ")";
    }
}

bool readBox(const json& value, std::array<double, 4>& box) {
    const auto numbers = numbersOf(value);
    if (!numbers || numbers->size() != 4 || (*numbers)[2] < 0 || (*numbers)[3] < 0) return false;
    std::copy(numbers->begin(), numbers->end(), box.begin());
    for (const double number : box)
        if (std::abs(number) > 1e7) return false;
    return true;
}

void readFields(const json& element, CocoAnnotation& annotation) {
    const auto given = [&element](const char* field) { return element.contains(field) && !element[field].is_null(); };
    if (given("bbox")) {
        annotation.hasBox = readBox(element["bbox"], annotation.box);
        if (!annotation.hasBox) annotation.problem = "has a bbox that is not x, y, width, height";
    }
    if (given("area")) {
        const json& area = element["area"];
        if (area.is_number() && area.get<double>() >= 0 && std::isfinite(area.get<double>()))
            annotation.area = area.get<double>();
        else
            annotation.problem = "has an impossible area";
    }
    if (given("iscrowd")) {
        const json& crowd = element["iscrowd"];
        annotation.crowd = crowd.is_boolean() ? crowd.get<bool>() : crowd.is_number() && crowd.get<double>() != 0;
    }
    if (given("segmentation")) readSegmentation(element["segmentation"], annotation);
    if (annotation.problem.empty() && !annotation.hasBox && annotation.mask.empty() && annotation.polygons.empty())
        annotation.problem = "has neither a box nor a mask";
}

CocoAnnotation annotationOf(const json& element, const std::string& where, std::size_t number) {
    CocoAnnotation annotation;
    const std::string what = where + ": annotation number " + std::to_string(number);
    annotation.imageId = idIn(element, "image_id", what);
    annotation.categoryId = idIn(element, "category_id", what);
    annotation.id = element.contains("id") ? idIn(element, "id", what) : static_cast<std::int64_t>(number);
    readFields(element, annotation);
    if (!annotation.problem.empty())
        annotation.problem = "Annotation " + std::to_string(annotation.id) + " " + annotation.problem;
    return annotation;
}

CocoResult resultOf(const json& element, const std::string& where, std::size_t number) {
    const std::string what = where + ": result number " + std::to_string(number);
    CocoAnnotation fields;
    readFields(element, fields);
    const auto score = element.find("score");
    if (score == element.end() || !score->is_number()) fields.problem = "has no score";
    if (!fields.polygons.empty()) fields.problem = "has polygons in place of runs";
    if (!fields.problem.empty()) throw Error(ErrorCode::BadFile, what + " " + fields.problem + ".", kAdvice);
    CocoResult result{idIn(element, "image_id", what), idIn(element, "category_id", what), fields.box,
                      score->get<double>(), std::move(fields.mask)};
    if (!fields.hasBox) result.box = boundingBox(result.mask);
    return result;
}

}  // namespace

CocoFile parseCocoFile(std::string_view text, const std::string& where) {
    CocoFile file;
    bool lists = false;
    detail::forEachCocoElement(text, where, detail::CocoForm::Lists, [&](const std::string& list, json& element) {
        lists = true;
        if (list == "images") {
            file.images.push_back(imageOf(element, where));
        } else if (list == "categories") {
            const std::int64_t id = idIn(element, "id", where + ": a category");
            file.categories.push_back(
                {id, detail::textIn(element, "name", where + ": category " + std::to_string(id))});
        } else {
            file.annotations.push_back(annotationOf(element, where, file.annotations.size() + 1));
        }
    });
    if (file.images.empty() || file.categories.empty())
        throw Error(ErrorCode::BadFile,
                    where + (lists ? " lists no pictures or no categories." : " is not a COCO annotation file."),
                    "A COCO annotation file is an object with the lists images, categories and annotations.");
    return file;
}

CocoFile readCocoFile(const std::filesystem::path& file) {
    return parseCocoFile(readTextFile(file, kLargestFile), file.string());
}

std::vector<CocoResult> parseCocoResults(std::string_view text, const std::string& where) {
    std::vector<CocoResult> results;
    detail::forEachCocoElement(text, where, detail::CocoForm::OneList, [&](const std::string&, json& element) {
        results.push_back(resultOf(element, where, results.size() + 1));
    });
    return results;
}

std::vector<CocoResult> readCocoResults(const std::filesystem::path& file) {
    return parseCocoResults(readTextFile(file, kLargestFile), file.string());
}

}  // namespace vl
