// SPDX-License-Identifier: Apache-2.0
#include "engine/data/segment_layout.h"

#include <algorithm>
#include <map>

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/data/index_mask.h"
#include "engine/data/segment_classes.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

bool hasFolder(const fs::path& folder) {
    std::error_code error;
    return fs::is_directory(folder, error);
}

std::string lowerEnding(const fs::path& file) {
    std::string ending = file.extension().string();
    for (char& c : ending)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return ending;
}

bool isPicture(const fs::path& file) {
    const std::string ending = lowerEnding(file);
    for (const char* known : {".png", ".jpg", ".jpeg", ".bmp", ".webp", ".ppm", ".pgm"})
        if (ending == known) return true;
    return false;
}

/// Files of a folder by name without ending; hidden ones are none.
std::map<std::string, fs::path> filesByName(const fs::path& folder, bool masks) {
    std::map<std::string, fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const fs::path& file = entry.path();
        const bool wanted = masks ? lowerEnding(file) == ".png" : isPicture(file);
        if (wanted && !file.filename().string().starts_with('.') && entry.is_regular_file(error))
            files.emplace(file.stem().string(), file);
    }
    if (error)
        throw Error(ErrorCode::NotFound, folder.string() + " cannot be read.",
                    "Check that the folder is there and may be opened.");
    return files;
}

/// The first of `names` that is a folder below `parent`; empty: none.
fs::path firstFolder(const fs::path& parent, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (hasFolder(parent / name)) return parent / name;
    return {};
}

Error missing(const fs::path& folder, const std::string& layout, const std::string& need) {
    return {ErrorCode::NotFound, folder.string() + " is no folder of " + layout + ".", "It needs " + need + "."};
}

void requirePairs(const SegmentLayout& layout, const fs::path& pictures, const fs::path& masks) {
    if (layout.pairs.empty())
        throw Error(ErrorCode::NotFound,
                    "No picture in " + pictures.string() + " has a mask in " + masks.string() + ".",
                    "Give each mask the name of its picture, ending in .png.");
}

}  // namespace

std::vector<SegmentPair> pairsOf(const fs::path& pictures, const fs::path& masks, const std::string& ending) {
    const auto known = filesByName(masks, true);
    std::vector<SegmentPair> pairs;
    for (const auto& [name, file] : filesByName(pictures, false))
        if (const auto mask = known.find(name + ending); mask != known.end())
            pairs.push_back({name, file, mask->second});
    return pairs;
}

ValueTable valuesFrom(int first, std::size_t classes) {
    ValueTable table{};
    for (int value = 0; value < 256; ++value) {
        const int label = value - first;
        table[static_cast<std::size_t>(value)] = value == 255 || label < 0           ? kNoClass
                                                 : label < static_cast<int>(classes) ? label
                                                                                     : kBadValue;
    }
    return table;
}

SegmentLayout ade20kLayout(const fs::path& given, DenseSplit split) {
    const fs::path folder = hasFolder(given / "annotations") ? given : given / "ADEChallengeData2016";
    const char* part = split == DenseSplit::Train ? "training" : "validation";
    const fs::path pictures = folder / "images" / part, masks = folder / "annotations" / part;
    if (!hasFolder(pictures) || !hasFolder(masks))
        throw missing(given, "ADE20K", std::string("images/") + part + " and annotations/" + part);
    SegmentLayout layout{pairsOf(pictures, masks), {}, {}};
    requirePairs(layout, pictures, masks);
    std::vector<std::string> names = ade20kNames();
    for (const char* file : {"objectInfo.txt", "objectInfo150.txt"})
        if (std::error_code error; fs::is_regular_file(folder / file, error)) {
            names = readObjectInfo(folder / file);
            break;
        }
    layout.classOf = valuesFrom(1, names.size());
    layout.classes = withPalette(std::move(names), folder);
    return layout;
}

SegmentLayout cocoStuffLayout(const fs::path& folder, DenseSplit split) {
    const std::string part = split == DenseSplit::Train ? "train2017" : "val2017";
    fs::path pictures = folder / "images" / part, masks;
    if (!hasFolder(pictures)) pictures = folder / part;
    for (const char* name : {"annotations", "stuffthingmaps"})
        if (masks.empty() && hasFolder(folder / name / part)) masks = folder / name / part;
    if (!hasFolder(pictures) || masks.empty())
        throw missing(folder, "COCO-Stuff",
                      "images/" + part + " and annotations/" + part + " or stuffthingmaps/" + part);
    SegmentLayout layout;
    layout.classes = withPalette(cocoStuffNames(), folder);
    layout.pairs = pairsOf(pictures, masks, "_labelTrainIds");
    if (!layout.pairs.empty()) {
        layout.classOf = valuesFrom(0, layout.classes.names.size());
        return layout;
    }
    layout.pairs = pairsOf(pictures, masks);
    requirePairs(layout, pictures, masks);
    int label = 0;
    for (int value = 0; value < 256; ++value)
        layout.classOf[static_cast<std::size_t>(value)] = value == 255            ? kNoClass
                                                          : value > 181           ? kBadValue
                                                          : cocoStuffSkips(value) ? kNoClass
                                                                                  : label++;
    return layout;
}

SegmentLayout vocLayout(const fs::path& given, DenseSplit split) {
    fs::path folder;
    for (const fs::path& parent : {given, given / "VOCdevkit"})
        for (const char* year : {"", "VOC2012", "VOC2011", "VOC2010", "VOC2009", "VOC2008", "VOC2007"})
            if (folder.empty() && hasFolder(parent / year / "ImageSets" / "Segmentation")) folder = parent / year;
    const std::string part = split == DenseSplit::Train ? "train" : "val";
    if (folder.empty() || !hasFolder(folder / "JPEGImages") || !hasFolder(folder / "SegmentationClass"))
        throw missing(given, "Pascal VOC", "JPEGImages, SegmentationClass and ImageSets/Segmentation/" + part + ".txt");
    const fs::path list = folder / "ImageSets" / "Segmentation" / (part + ".txt");
    SegmentLayout layout;
    for (const std::string& line : splitText(readTextFile(list, 16u << 20), '\n')) {
        const std::string name(trimmed(line));
        if (name.empty()) continue;
        if (name.find('/') != std::string::npos || name == ".." || name.size() > 200 ||
            name.find('\0') != std::string::npos)
            throw Error(ErrorCode::BadFile, list.string() + " has a line that is no name: '" + printable(name) + "'.",
                        "Each line names one picture, without folder and ending.");
        layout.pairs.push_back(
            {name, folder / "JPEGImages" / (name + ".jpg"), folder / "SegmentationClass" / (name + ".png")});
    }
    requirePairs(layout, folder / "JPEGImages", folder / "SegmentationClass");
    layout.classes.names = vocNames();
    for (std::size_t i = 0; i < vocNames().size(); ++i)
        layout.classes.colours.push_back(vocColour(static_cast<int>(i)));
    layout.classOf = valuesFrom(0, vocNames().size());
    return layout;
}

namespace {

/// Without splits of its own every fifth picture is kept for validation; of fewer than five the last.
std::vector<SegmentPair> shareOf(const std::vector<SegmentPair>& pairs, DenseSplit split) {
    std::vector<SegmentPair> share;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const bool kept = pairs.size() < 5 ? i + 1 == pairs.size() : i % 5 == 4;
        if (kept == (split == DenseSplit::Validation) || pairs.size() == 1) share.push_back(pairs[i]);
    }
    return share;
}

/// Number names up to the highest value in some of the masks, evenly chosen; broken masks tell of themselves later.
std::vector<std::string> namesFromMasks(const std::vector<SegmentPair>& pairs, const fs::path& folder) {
    constexpr std::size_t kLooked = 200;
    int highest = -1;
    for (std::size_t i = 0; i < std::min(kLooked, pairs.size()); ++i) {
        try {
            const IndexMask mask = readIndexMask(pairs[i * pairs.size() / std::min(kLooked, pairs.size())].mask);
            for (const std::uint8_t value : mask.indices)
                if (value != 255) highest = std::max<int>(highest, value);
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Unsupported) throw;
        }
    }
    if (highest < 0)
        throw Error(ErrorCode::BadFile, "No mask in " + folder.string() + " can be read or shows a class.",
                    "Store masks as PNG files whose pixels are class numbers.");
    std::vector<std::string> names;
    for (int i = 0; i <= highest; ++i)
        names.push_back("class " + std::to_string(i));
    return names;
}

}  // namespace

SegmentLayout maskFolderLayout(const fs::path& folder, DenseSplit split) {
    const fs::path pictures = firstFolder(folder, {"images"}), masks = firstFolder(folder, {"masks", "labels"});
    if (pictures.empty() || masks.empty())
        throw missing(folder, "pictures and masks",
                      "images, and masks or labels with a PNG file of the same name for each picture");
    SegmentLayout layout;
    std::vector<SegmentPair> all;  // of both parts: they have the same classes
    const fs::path train = firstFolder(pictures, {"train", "training"}),
                   validation = firstFolder(pictures, {"val", "validation"});
    if (train.empty() != validation.empty())
        throw missing(folder, "pictures and masks", "both images/train and images/val, or neither");
    if (train.empty()) {
        all = pairsOf(pictures, masks);
        layout.pairs = shareOf(all, split);
    } else {
        for (const fs::path& part : {train, validation}) {
            if (!hasFolder(masks / part.filename()))
                throw missing(folder, "pictures and masks",
                              (masks / part.filename()).string() + " beside " + part.string());
            const auto pairs = pairsOf(part, masks / part.filename());
            all.insert(all.end(), pairs.begin(), pairs.end());
            if ((part == train) == (split == DenseSplit::Train)) layout.pairs = pairs;
        }
    }
    requirePairs(layout, pictures, masks);
    std::error_code error;
    std::vector<std::string> names = fs::is_regular_file(folder / "classes.txt", error)
                                         ? readNameList(folder / "classes.txt")
                                         : namesFromMasks(all, masks);
    layout.classOf = valuesFrom(0, names.size());
    layout.classes = withPalette(std::move(names), folder);
    return layout;
}

}  // namespace vl
