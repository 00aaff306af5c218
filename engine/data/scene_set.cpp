// SPDX-License-Identifier: Apache-2.0
#include "engine/data/scene_set.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <mutex>
#include <thread>
#include <tuple>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/data/coco_file.h"
#include "engine/data/fashion_mnist.h"
#include "engine/data/index_mask.h"
#include "engine/data/run_mask.h"
#include "engine/data/scene_picture.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

/// What a folder of scenes was made with; its presence says that the folder is ours.
std::string manifestOf(const SceneSettings& settings) {
    const SceneMix& mix = settings.mix;
    const std::string trainCount = settings.trainCount ? "\ntrain count " + std::to_string(settings.trainCount->first) +
                                                             ".." + std::to_string(settings.trainCount->second)
                                                       : "";
    return "visionllama scenes 3\ntrain " + std::to_string(settings.train) + "\nval " +
           std::to_string(settings.validation) + "\nside " + std::to_string(settings.smallest) + ".." +
           std::to_string(settings.largest) + "\ncount " + std::to_string(mix.fewest) + ".." +
           std::to_string(mix.most) + trainCount + "\nsize " + formatFixed(mix.smallest, 4) + ".." + formatFixed(mix.largest, 4) +
           "\nturn " + formatFixed(mix.turn, 4) + "\nvisible " + formatFixed(mix.visible, 4) +
           (mix.anyGround ? "\nany ground" : "") + "\nseed " + std::to_string(settings.seed) +
           (settings.classFolders ? "\nfolders of classes\n" : "\n");
}

void claimFolder(const SceneSettings& settings) {
    const fs::path manifest = settings.folder / "scenes.txt";
    const std::string mine = manifestOf(settings);
    std::error_code error;
    if (fs::exists(manifest, error)) {
        if (readTextFile(manifest, 4096) == mine) return;
        throw Error(ErrorCode::Usage, settings.folder.string() + " holds scenes made with other settings.",
                    "Give the same settings to go on with them, or another folder.");
    }
    if (fs::exists(settings.folder, error) &&
        (!fs::is_directory(settings.folder, error) || !fs::is_empty(settings.folder, error)))
        throw Error(ErrorCode::Usage, settings.folder.string() + " holds other files.", "Give a new or empty folder.");
    writeFileAtomically(manifest, mine);
}

bool isThere(const fs::path& file) {
    std::error_code error;
    return fs::exists(file, error);
}

/// Complete or not there at all, without waiting for the disk as thousands of small files would.
void writeWhole(const fs::path& file, const std::string& bytes) {
    const fs::path aside = file.parent_path() / ("." + file.filename().string() + ".part");
    std::ofstream out(aside, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    std::error_code error;
    if (out) fs::rename(aside, file, error);
    if (!out || error)
        throw Error(ErrorCode::BadFile, file.string() + " cannot be written.",
                    "Check that the folder may be written and has free space.");
}

struct Split {
    const char* folder;  ///< of pictures and masks
    const char* coco;
    bool train;
    std::uint64_t first;  ///< number of its first scene; those of the splits never meet
    std::int64_t count = 0;
};

/// What the lists of a split need of one scene.
struct Entry {
    CocoImage image;
    std::vector<CocoAnnotation> annotations;
    std::array<std::int64_t, 11> pixels{};
};

std::string fileName(std::int64_t index) {
    char name[32];
    std::snprintf(name, sizeof name, "scene_%05lld.png", static_cast<long long>(index + 1));
    return name;
}

/// One mask in eight is stored as runs, as COCO's own files have both forms.
constexpr int kRunsEvery = 8;

Entry entryOf(const DenseSample& scene, const Split& split, std::int64_t index) {
    Entry entry;
    entry.image = {index + 1,
                   std::string("images/") + split.folder + "/" + fileName(index),
                   scene.picture.width,
                   scene.picture.height,
                   {}};
    for (const std::uint8_t label : scene.labels)
        ++entry.pixels[label];
    for (std::size_t i = 0; i < scene.objects.size(); ++i) {
        const TrueObject& object = scene.objects[i];
        CocoAnnotation annotation;
        annotation.id = (index + 1) * 100 + static_cast<std::int64_t>(i);
        annotation.imageId = index + 1;
        annotation.categoryId = object.label + 1;
        annotation.box = {object.box[0], object.box[1], object.box[2] - object.box[0], object.box[3] - object.box[1]};
        annotation.hasBox = true;
        annotation.area = object.area;
        if (annotation.id % kRunsEvery == 0)
            annotation.mask = object.mask;
        else
            annotation.polygons = polygonsOf(object.mask);
        entry.annotations.push_back(std::move(annotation));
    }
    return entry;
}

class Maker {
public:
    Maker(const SceneSettings& settings, const std::function<bool(const SceneProgress&)>& progress)
        : settings_(settings), report_(progress) {
        progress_.all = settings.train + settings.validation;
    }

    /// False: stopped.
    bool make(const Split& split, std::vector<Entry>& entries) {
        garments_ = openFashionMnist(settings_.garments, split.train, 28, 1);
        entries.resize(static_cast<std::size_t>(split.count));
        std::error_code refused;  // writing the first file tells
        if (settings_.classFolders)
            for (int label = 0; label < 10; ++label)
                fs::create_directories(classFolder(split, label), refused);
        else
            for (const char* kind : {"images", "annotations"})
                fs::create_directories(settings_.folder / kind / split.folder, refused);
        next_ = 0;
        const int wanted =
            settings_.threads > 0 ? settings_.threads : static_cast<int>(std::thread::hardware_concurrency());
        {
            std::vector<std::jthread> helpers;
            for (int i = 1; i < std::clamp(wanted, 1, 64); ++i)
                helpers.emplace_back([&] { work(split, entries); });
            work(split, entries);
        }
        if (failure_) std::rethrow_exception(failure_);
        return !stopped_;
    }

private:
    void work(const Split& split, std::vector<Entry>& entries) {
        for (std::int64_t index; !stopped_ && (index = next_++) < split.count;) {
            try {
                const bool found = makeOne(split, index, entries[static_cast<std::size_t>(index)]);
                report(found);
            } catch (...) {
                const std::lock_guard lock(mutex_);
                if (!failure_) failure_ = std::current_exception();
                stopped_ = true;
            }
        }
    }

    SceneMix mixOf(const Split& split) const {
        SceneMix mix = settings_.mix;
        if (split.train && settings_.trainCount) std::tie(mix.fewest, mix.most) = *settings_.trainCount;
        return mix;
    }

    /// True: the files were there. The scene is drawn all the same, for the lists; that takes less than reading.
    bool makeOne(const Split& split, std::int64_t index, Entry& entry) {
        const DenseSample scene = makeScene(*garments_, settings_.seed, split.first + static_cast<std::uint64_t>(index),
                                            settings_.smallest, settings_.largest, mixOf(split));
        entry = entryOf(scene, split, index);
        if (settings_.classFolders) return makeClassified(scene, split, index);
        const fs::path picture = settings_.folder / "images" / split.folder / fileName(index);
        const fs::path mask = settings_.folder / "annotations" / split.folder / fileName(index);
        bool found = true;
        if (!isThere(mask)) {
            std::vector<std::uint8_t> stored = scene.labels;
            for (std::uint8_t& label : stored)
                ++label;
            writeWhole(mask, indexMaskPng(scene.picture.width, scene.picture.height, stored, palette_));
            found = false;
        }
        if (!isThere(picture)) {
            writeWhole(picture, encodePng(scene.picture));
            found = false;
        }
        return found;
    }

    fs::path classFolder(const Split& split, int label) const {
        std::string name = fashionMnistClasses()[static_cast<std::size_t>(label)];
        std::ranges::replace(name, '/', '-');
        return settings_.folder / (split.train ? "train" : "val") / name;
    }

    /// A scene that shows no garment is left out.
    bool makeClassified(const DenseSample& scene, const Split& split, std::int64_t index) {
        if (scene.objects.empty()) return false;
        const fs::path picture = classFolder(split, scene.objects.front().label) / fileName(index);
        const bool found = isThere(picture);
        if (!found) writeWhole(picture, encodePng(scene.picture));
        return found;
    }

    void report(bool found) {
        const std::lock_guard lock(mutex_);
        ++progress_.done;
        progress_.found += found;
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
        progress_.scenesPerSecond = seconds > 0 ? static_cast<double>(progress_.done) / seconds : 0;
        if (report_ && !report_(progress_)) stopped_ = true;
    }

    static std::vector<Colour> storedPalette() {
        std::vector<Colour> palette = sceneClasses().colours;
        palette.insert(palette.begin(), Colour{0, 0, 0});
        return palette;
    }

    const SceneSettings& settings_;
    const std::function<bool(const SceneProgress&)>& report_;
    std::shared_ptr<const Dataset> garments_;
    std::vector<Colour> palette_ = storedPalette();
    std::atomic<std::int64_t> next_{0};
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
    SceneProgress progress_;
    std::exception_ptr failure_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void writeCoco(const fs::path& file, std::vector<Entry>& entries) {
    if (isThere(file)) return;
    CocoFile content;
    for (std::size_t i = 0; i < fashionMnistClasses().size(); ++i)
        content.categories.push_back({static_cast<std::int64_t>(i) + 1, fashionMnistClasses()[i]});
    for (Entry& entry : entries) {
        content.images.push_back(entry.image);
        std::ranges::move(entry.annotations, std::back_inserter(content.annotations));
    }
    writeCocoFile(file, content, CocoMasks::Runs);
}

/// As ADE20K's objectInfo150.txt: number, share of pixels, pictures with the class in both splits, name.
void writeClassFiles(const fs::path& folder, const std::vector<Entry>& train, const std::vector<Entry>& validation) {
    const ClassList classes = sceneClasses();
    const auto count = [](const std::vector<Entry>& entries, std::size_t c) {
        return std::ranges::count_if(entries, [c](const Entry& entry) { return entry.pixels[c] > 0; });
    };
    double all = 0;
    std::array<double, 11> pixels{};
    for (const auto* entries : {&train, &validation})
        for (const Entry& entry : *entries)
            for (std::size_t c = 0; c < pixels.size(); ++c) {
                pixels[c] += static_cast<double>(entry.pixels[c]);
                all += static_cast<double>(entry.pixels[c]);
            }
    std::string info = "Idx\tRatio\tTrain\tVal\tName\n", palette;
    for (std::size_t c = 0; c < classes.names.size(); ++c) {
        char ratio[16];
        std::snprintf(ratio, sizeof ratio, "%.4f", all > 0 ? pixels[c] / all : 0);
        info += std::to_string(c + 1) + "\t" + ratio + "\t" + std::to_string(count(train, c)) + "\t" +
                std::to_string(count(validation, c)) + "\t" + classes.names[c] + "\n";
        const Colour& colour = classes.colours[c];
        palette += std::to_string(colour[0]) + " " + std::to_string(colour[1]) + " " + std::to_string(colour[2]) + "\n";
    }
    if (!isThere(folder / "palette.txt")) writeFileAtomically(folder / "palette.txt", palette);
    if (!isThere(folder / "objectInfo.txt")) writeFileAtomically(folder / "objectInfo.txt", info);
}

}  // namespace

ClassList sceneClasses() {
    std::vector<std::string> names{"background"};
    names.insert(names.end(), fashionMnistClasses().begin(), fashionMnistClasses().end());
    return {std::move(names),
            {{96, 96, 104},
             {228, 87, 86},
             {76, 120, 168},
             {245, 166, 35},
             {148, 103, 189},
             {44, 140, 90},
             {255, 205, 86},
             {227, 119, 194},
             {23, 190, 207},
             {140, 86, 75},
             {160, 205, 90}}};
}

SceneSummary makeScenes(const SceneSettings& settings, const std::function<bool(const SceneProgress&)>& progress) {
    if (settings.train < 0 || settings.validation < 0 || settings.train + settings.validation < 1 ||
        settings.train > 999999 || settings.validation > 999999)
        throw Error(ErrorCode::Usage, "A set has 1 to 999,999 scenes in each part.", "Change --train or --val.");
    claimFolder(settings);
    const Split train{"training", "instances_train.json", true, 0, settings.train};
    const Split validation{"validation", "instances_val.json", false, std::uint64_t{1} << 32, settings.validation};
    Maker maker(settings, progress);
    std::vector<Entry> trained, validated;
    SceneSummary summary;
    summary.cancelled = !maker.make(train, trained) || !maker.make(validation, validated);
    if (summary.cancelled) return summary;
    summary.pictures = settings.train + settings.validation;
    for (const auto* entries : {&trained, &validated})
        for (const Entry& entry : *entries)
            summary.objects += static_cast<std::int64_t>(entry.annotations.size());
    if (settings.classFolders) return summary;
    writeClassFiles(settings.folder, trained, validated);
    writeCoco(settings.folder / "annotations" / train.coco, trained);
    writeCoco(settings.folder / "annotations" / validation.coco, validated);
    return summary;
}

}  // namespace vl
