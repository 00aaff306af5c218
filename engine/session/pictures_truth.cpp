// SPDX-License-Identifier: Apache-2.0
#include "engine/session/pictures_truth.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/core/error.h"
#include "engine/data/index_mask.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kAdeClasses = 150;  // ADE20K counts them from one and calls the rest 0

bool isFile(const fs::path& file) {
    std::error_code error;
    return fs::is_regular_file(file, error);
}

/// `path` with its last component called `from` renamed; empty: it has none.
fs::path renamed(const fs::path& path, std::string_view from, std::string_view to) {
    std::vector<fs::path> parts(path.begin(), path.end());
    const auto found = std::find(parts.rbegin(), parts.rend(), fs::path(from));
    if (found == parts.rend()) return {};
    *found = fs::path(to);
    fs::path out;
    for (const fs::path& part : parts)
        out /= part;
    return out;
}

std::optional<fs::path> maskIn(const fs::path& folder, const fs::path& picture) {
    for (const char* ending : {".png", "_labelTrainIds.png", "_mask.png"}) {
        const fs::path file = folder / (picture.stem().string() + ending);
        if (isFile(file) && file != picture) return file;
    }
    return std::nullopt;
}

std::optional<fs::path> maskOf(const fs::path& given, const fs::path& picture) {
    if (!given.empty()) return isFile(given) ? given : maskIn(given, picture);
    constexpr std::array<std::pair<const char*, const char*>, 6> layouts{{{"images", "annotations"},
                                                                          {"images", "masks"},
                                                                          {"images", "labels"},
                                                                          {"images", "stuffthingmaps"},
                                                                          {"JPEGImages", "SegmentationClass"},
                                                                          {"leftImg8bit", "gtFine"}}};
    const fs::path folder = picture.parent_path();
    for (const auto& [from, to] : layouts)
        if (const fs::path beside = renamed(folder, from, to); !beside.empty())
            if (auto mask = maskIn(beside, picture)) return mask;
    for (const char* beside : {"masks", "annotations"})
        if (auto mask = maskIn(folder / beside, picture)) return mask;
    return std::nullopt;
}

/// Masks in ADE20K's layout do, told by its list of classes beside annotations/ or by the number of classes.
bool countsFromOne(const fs::path& mask, std::size_t classes) {
    fs::path root;
    for (const fs::path& part : mask) {
        if (part == "annotations")
            return classes == kAdeClasses || isFile(root / "objectInfo.txt") || isFile(root / "objectInfo150.txt");
        root /= part;
    }
    return false;
}

std::vector<fs::path> cocoFilesFor(const fs::path& given, const fs::path& picture) {
    std::error_code error;
    if (!given.empty() && !fs::is_directory(given, error)) return {given};
    const fs::path folder = picture.parent_path(), name = folder.filename();
    std::vector<fs::path> files;
    const auto in = [&](const fs::path& place) {
        for (const std::string& file : {"instances_" + name.string() + ".json", std::string("instances_val.json"),
                                        std::string("instances_val2017.json"), std::string("instances_train.json"),
                                        std::string("annotations.json"), std::string("_annotations.coco.json")})
            files.push_back(place / file);
    };
    if (!given.empty()) {
        in(given);
        return files;
    }
    in(folder);
    in(folder.parent_path());
    in(folder.parent_path() / "annotations");
    in(folder.parent_path().parent_path() / "annotations");
    return files;
}

std::vector<int> modelLabels(const ClassList& file, const ClassList& model) {
    std::vector<int> labels;
    bool any = false;
    for (const std::string& name : file.names) {
        const auto found = std::find(model.names.begin(), model.names.end(), name);
        labels.push_back(found == model.names.end() ? -1 : static_cast<int>(found - model.names.begin()));
        any = any || labels.back() >= 0;
    }
    if (any || file.names.size() != model.names.size()) return labels;
    for (std::size_t i = 0; i < labels.size(); ++i)  // a model that does not know its classes' names
        labels[i] = static_cast<int>(i);
    return labels;
}

}  // namespace

std::shared_ptr<const PixelClasses> PictureTruth::labels(const fs::path& picture, int width, int height) const {
    if (picture.empty() && !isFile(given_)) return nullptr;
    const auto file = maskOf(given_, picture);
    if (!file) return nullptr;
    IndexMask mask = readIndexMask(*file);
    if (mask.width != width || mask.height != height)
        throw Error(ErrorCode::Mismatch, file->string() + " is a mask of another size than its picture.",
                    "Give the mask that belongs to the picture.");
    const std::size_t classes = classes_.names.size();
    const bool shifted = countsFromOne(*file, classes);
    for (std::uint8_t& label : mask.indices) {
        if (shifted) label = label == 0 ? kNoClass : static_cast<std::uint8_t>(label - 1);
        if (label != kNoClass && label >= classes)
            throw Error(ErrorCode::Mismatch,
                        file->string() + " has class " + std::to_string(label) + ", which the model does not know.",
                        "Choose a model for these classes.");
    }
    auto truth = std::make_shared<PixelClasses>();
    truth->width = width;
    truth->height = height;
    truth->labels = std::move(mask.indices);
    return truth;
}

PictureTruth::Opened* PictureTruth::fileFor(const fs::path& picture) {
    for (const fs::path& file : cocoFilesFor(given_, picture)) {
        auto known = files_.find(file);
        if (known == files_.end()) {
            if (!isFile(file)) continue;
            Opened& opened = files_[file];
            opened.truth = std::make_unique<CocoTruth>(readCocoFile(file));
            opened.labels = modelLabels(opened.truth->classes(), classes_);
            known = files_.find(file);
        }
        if (known->second.truth && known->second.truth->find(picture.filename().string())) return &known->second;
    }
    return nullptr;
}

std::optional<std::vector<TrueObject>> PictureTruth::objects(const fs::path& picture) {
    if (picture.empty()) return std::nullopt;
    Opened* opened = fileFor(picture);
    if (!opened) return std::nullopt;
    std::vector<TrueObject> kept;
    for (TrueObject& object : opened->truth->objects(*opened->truth->find(picture.filename().string()))) {
        const int label = opened->labels.at(static_cast<std::size_t>(object.label));
        if (label < 0) continue;
        object.label = label;
        kept.push_back(std::move(object));
    }
    return kept;
}

std::int64_t PictureTruth::imageId(const fs::path& picture) {
    if (picture.empty()) return -1;
    const Opened* opened = fileFor(picture);
    if (!opened) return -1;
    return opened->truth->image(*opened->truth->find(picture.filename().string())).id;
}

}  // namespace vl
