// SPDX-License-Identifier: Apache-2.0
#include "engine/session/pictures_export.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/data/index_mask.h"
#include "engine/data/new_file.h"
#include "engine/data/run_mask.h"
#include "engine/dense/predictor.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

using nlohmann::ordered_json;

fs::path writeNew(const fs::path& wanted, std::string_view bytes) {
    NewFile file(wanted);
    std::ofstream out(file.temporary(), std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw Error(ErrorCode::BadFile, wanted.string() + " cannot be written.", "Choose another place.");
    return file.place();
}

bool isMuted(const DenseExport& request, int label) {
    return std::ranges::find(request.muted, label) != request.muted.end();
}

Image overlay(const DenseExport& request, const ClassList& classes, const DensePicture& picture) {
    if (picture.classes) {
        PixelClasses shown = *picture.classes;
        for (std::uint8_t& label : shown.labels)
            if (isMuted(request, label)) label = kNoClass;
        return overlayOf(picture.picture, shown, classes, request.opacity);
    }
    std::vector<FoundObject> shown = picture.objects;
    std::erase_if(shown, [&](const FoundObject& object) { return isMuted(request, object.label); });
    return overlayOf(picture.picture, shown, classes, request.threshold, request.opacity);
}

std::string pictureBytes(const DenseExport& request, const ClassList& classes, const DensePicture& picture) {
    if (request.form == DenseExport::Form::Overlay) return encodePng(overlay(request, classes, picture));
    if (!picture.classes)
        throw Error(ErrorCode::Usage, "Only a segmentation can be exported as a mask of class numbers.",
                    "Choose COCO for objects.");
    return indexMaskPng(picture.classes->width, picture.classes->height, picture.classes->labels, classes.colours);
}

/// "photo.jpg" -> "photo.png", whatever a picture was called.
std::string fileNameFor(const DensePicture& picture) {
    std::string stem = fs::path(picture.name).stem().string();
    for (char& letter : stem)
        if (letter == '/' || letter == '\\' || letter == ' ' || static_cast<unsigned char>(letter) < 32) letter = '-';
    return (stem.empty() ? "picture" : stem) + ".png";
}

double rounded(double value, double parts) { return std::round(value * parts) / parts; }

ordered_json objectJson(const FoundObject& object, const ClassList& classes) {
    ordered_json out;
    const auto label = static_cast<std::size_t>(std::max(object.label, 0));
    out["class"] = object.label;
    out["name"] = label < classes.names.size() ? classes.names[label] : "";
    out["score"] = rounded(object.score, 1e5);
    for (const float corner : object.box)
        out["box"].push_back(rounded(corner, 100));
    if (!object.mask.empty()) out["area"] = area(object.mask);
    return out;
}

ordered_json pixelsJson(const PixelClasses& pixels, const ClassList& classes) {
    std::vector<std::int64_t> counts(256);
    for (const std::uint8_t label : pixels.labels)
        ++counts[label];
    ordered_json out = ordered_json::array();
    for (std::size_t k = 0; k < classes.names.size() && k < counts.size(); ++k)
        if (counts[k] > 0)
            out.push_back(
                {{"class", k},
                 {"name", classes.names[k]},
                 {"pixels", counts[k]},
                 {"share", rounded(static_cast<double>(counts[k]) / static_cast<double>(pixels.labels.size()), 1e6)}});
    return out;
}

ordered_json scoresJson(const SegmentScores& scores) {
    const auto number = [](double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr); };
    ordered_json out{{"mean_iou", number(scores.meanIou)},
                     {"mean_accuracy", number(scores.meanAccuracy)},
                     {"pixel_accuracy", number(scores.pixelAccuracy)}};
    for (const double value : scores.iou)
        out["iou"].push_back(number(value));
    return out;
}

ordered_json scoresJson(const AverageScores& s) {
    return {{"ap", s.ap},
            {"ap50", s.ap50},
            {"ap75", s.ap75},
            {"ap_small", s.apSmall},
            {"ap_medium", s.apMedium},
            {"ap_large", s.apLarge},
            {"ar1", s.ar1},
            {"ar10", s.ar10},
            {"ar100", s.ar100},
            {"ar_small", s.arSmall},
            {"ar_medium", s.arMedium},
            {"ar_large", s.arLarge}};
}

std::string dump(const ordered_json& document) {
    return document.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string plainDocument(const DenseExport& request, const ExportSource& source) {
    ordered_json document{
        {"model", source.modelName}, {"source", source.modelSource}, {"classes", source.classes.names}};
    document["pictures"] = ordered_json::array();
    for (const int index : source.pictures) {
        if (!source.keepGoing()) throw Error(ErrorCode::Cancelled, "The export was stopped.", "Start it again.");
        const auto picture = source.picture(index);
        ordered_json row{
            {"name", picture->name}, {"width", picture->picture.width}, {"height", picture->picture.height}};
        if (picture->classes) row["pixels"] = pixelsJson(*picture->classes, source.classes);
        if (request.task == ModelTask::Detect) row["objects"] = ordered_json::array();
        for (const FoundObject& object : picture->objects)
            if (object.score >= request.threshold) row["objects"].push_back(objectJson(object, source.classes));
        if (picture->scores) row["scores"] = scoresJson(*picture->scores);
        document["pictures"].push_back(std::move(row));
    }
    if (source.segmentScores) document["scores"] = scoresJson(*source.segmentScores);
    if (source.detectScores)
        document["scores"] = {{"boxes", scoresJson(source.detectScores->boxes)},
                              {"masks", scoresJson(source.detectScores->masks)}};
    return dump(document);
}

/// Objects as they are, or each class's pixels as one object.
std::vector<FoundObject> objectsFor(const DenseExport& request, const DensePicture& picture, std::size_t classes) {
    std::vector<FoundObject> out;
    if (!picture.classes) {
        for (const FoundObject& object : picture.objects)
            if (object.score >= request.threshold) out.push_back(object);
        return out;
    }
    const PixelClasses& pixels = *picture.classes;
    std::vector<std::uint8_t> inside(pixels.labels.size());
    for (std::size_t k = 0; k < classes; ++k) {
        double sure = 0;
        std::int64_t count = 0;
        for (std::size_t i = 0; i < inside.size(); ++i) {
            inside[i] = pixels.labels[i] == k;
            if (inside[i]) ++count, sure += pixels.confidence.empty() ? 255 : pixels.confidence[i];
        }
        if (count == 0) continue;
        FoundObject object;
        object.mask = runMaskOf(inside, pixels.width, pixels.height);
        const auto box = boundingBox(object.mask);
        object.box = {static_cast<float>(box[0]), static_cast<float>(box[1]), static_cast<float>(box[0] + box[2]),
                      static_cast<float>(box[1] + box[3])};
        object.label = static_cast<int>(k);
        object.score = static_cast<float>(sure / 255 / static_cast<double>(count));
        out.push_back(std::move(object));
    }
    return out;
}

std::string cocoDocument(const DenseExport& request, const ExportSource& source) {
    ordered_json document;
    document["info"] = {{"description", source.modelName + ", " + source.modelSource}};
    document["images"] = document["categories"] = document["annotations"] = ordered_json::array();
    for (std::size_t k = 0; k < source.classes.names.size(); ++k)
        document["categories"].push_back({{"id", k + 1}, {"name", source.classes.names[k]}});
    std::int64_t id = 0;
    for (const int index : source.pictures) {
        if (!source.keepGoing()) throw Error(ErrorCode::Cancelled, "The export was stopped.", "Start it again.");
        const auto picture = source.picture(index);
        const std::int64_t imageId = source.imageId(index);
        document["images"].push_back({{"id", imageId},
                                      {"file_name", picture->name},
                                      {"width", picture->picture.width},
                                      {"height", picture->picture.height}});
        for (const FoundObject& object : objectsFor(request, *picture, source.classes.names.size())) {
            const Box& b = object.box;
            ordered_json row{
                {"id", ++id},
                {"image_id", imageId},
                {"category_id", object.label + 1},
                {"bbox",
                 {rounded(b[0], 100), rounded(b[1], 100), rounded(b[2] - b[0], 100), rounded(b[3] - b[1], 100)}},
                {"score", rounded(object.score, 1e5)},
                {"iscrowd", 0}};
            if (object.mask.empty()) {
                row["area"] = rounded((b[2] - b[0]) * (b[3] - b[1]), 100);
            } else {
                row["area"] = area(object.mask);
                row["segmentation"] = {{"size", {object.mask.height, object.mask.width}},
                                       {"counts", runMaskText(object.mask)}};
            }
            document["annotations"].push_back(std::move(row));
        }
    }
    return dump(document);
}

}  // namespace

std::string exportPictures(const DenseExport& request, const ExportSource& source) {
    if (source.pictures.empty())
        throw Error(ErrorCode::NotFound, "There is no finished picture to export.", "Open some pictures first.");
    if (request.to.empty())
        throw Error(ErrorCode::Usage, "No place to export to was given.", "Choose a file or folder.");
    std::error_code error;
    if (request.form == DenseExport::Form::Json || request.form == DenseExport::Form::Coco) {
        const bool coco = request.form == DenseExport::Form::Coco;
        const fs::path file =
            fs::is_directory(request.to, error) ? request.to / (coco ? "coco.json" : "predictions.json") : request.to;
        return "Exported to " +
               writeNew(file, coco ? cocoDocument(request, source) : plainDocument(request, source)).string() + ".";
    }
    const bool one = source.pictures.size() == 1 && !fs::is_directory(request.to, error) && request.to.has_extension();
    fs::path last;
    std::size_t written = 0;
    std::string problem;
    for (const int index : source.pictures) {
        if (!source.keepGoing()) throw Error(ErrorCode::Cancelled, "The export was stopped.", "Start it again.");
        try {
            const auto picture = source.picture(index);
            last = writeNew(one ? request.to : request.to / fileNameFor(*picture),
                            pictureBytes(request, source.classes, *picture));
            ++written;
        } catch (const Error& failed) {
            if (failed.code() == ErrorCode::Cancelled || source.pictures.size() == 1) throw;
            if (problem.empty()) problem = failed.message();
        }
    }
    if (written == 0) throw Error(ErrorCode::BadFile, problem, "Choose another place or other pictures.");
    if (source.pictures.size() == 1) return "Exported to " + last.string() + ".";
    const std::size_t left = source.pictures.size() - written;
    return "Exported " + std::to_string(written) + " pictures to " + request.to.string() +
           (left == 0 ? "." : "; " + std::to_string(left) + " could not be: " + problem);
}

}  // namespace vl
