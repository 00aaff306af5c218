// SPDX-License-Identifier: Apache-2.0
#include "engine/data/folder_dataset.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/data/image_header.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t cacheBytes = 1u << 30;  // decoded pictures kept; beyond it files are decoded each time

struct Entry {
    fs::path file;
    int label = 0;
};

fs::path splitFolder(const fs::path& root, FolderSplit split) {
    std::error_code error;
    if (root.empty() || !fs::is_directory(root, error))
        throw Error(ErrorCode::NotFound, "There is no folder " + root.string() + ".", "Set data.path to the folder with one subfolder per class.");
    if (split == FolderSplit::Train) return fs::is_directory(root / "train", error) ? root / "train" : root;
    for (const auto* name : {"val", "validation", "test"})
        if (fs::is_directory(root / name, error)) return root / name;
    throw Error(ErrorCode::NotFound, root.string() + " has no folder val to evaluate on.", "Add one, or set data.validation_share.");
}

std::vector<fs::path> sorted(std::vector<fs::path> paths) {
    std::sort(paths.begin(), paths.end(), [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
    return paths;
}

std::vector<fs::path> classFolders(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.is_directory(error) && entry.path().filename().native().front() != '.') found.push_back(entry.path());
    if (found.empty()) throw Error(ErrorCode::BadFile, folder.string() + " has no subfolders.", "Put the pictures of each class into a folder of its own.");
    return sorted(std::move(found));
}

bool looksLikePicture(const fs::path& file) {
    std::array<char, 32> start{};
    std::ifstream in(file, std::ios::binary);
    in.read(start.data(), start.size());
    return !imageFormat({start.data(), static_cast<std::size_t>(in.gcount())}).empty();
}

class FolderDataset final : public Dataset {
public:
    FolderDataset(std::vector<std::string> classNames, int imageSize, int channels, std::vector<Entry> entries, std::vector<std::string> problems)
        : Dataset(std::move(classNames), imageSize, channels),
          entries_(std::move(entries)),
          cache_(entries_.size()),
          broken_(entries_.size(), false),
          problems_(std::move(problems)) {}

    std::int64_t size() const override { return static_cast<std::int64_t>(entries_.size()); }
    int label(std::int64_t index) const override { return entries_.at(static_cast<std::size_t>(index)).label; }

    void read(std::int64_t index, std::uint8_t* pixels) const override {
        const int wanted = label(index);
        const auto count = entries_.size();
        for (std::size_t k = 0; k < count; ++k) {
            const auto at = (static_cast<std::size_t>(index) + k) % count;
            if (entries_[at].label == wanted && readOne(at, pixels)) return;
        }
        throw Error(ErrorCode::BadFile, "No picture of class " + classNames()[static_cast<std::size_t>(wanted)] + " can be read.",
                    "Replace the damaged pictures.");
    }

    std::vector<std::string> takeProblems() const override {
        const std::lock_guard lock(mutex_);
        return std::exchange(problems_, {});
    }

private:
    bool readOne(std::size_t at, std::uint8_t* pixels) const {
        {
            const std::lock_guard lock(mutex_);
            if (broken_[at]) return false;
            if (!cache_[at].empty()) {
                std::memcpy(pixels, cache_[at].data(), imageBytes());
                return true;
            }
        }
        Image image;
        try {
            image = fitImage(readImage(entries_[at].file), imageSize(), channels());
        } catch (const Error& problem) {
            if (problem.code() == ErrorCode::Unsupported) throw;
            const std::lock_guard lock(mutex_);
            if (!broken_[at]) problems_.push_back(problem.message());
            broken_[at] = true;
            return false;
        }
        std::memcpy(pixels, image.pixels.data(), imageBytes());
        const std::lock_guard lock(mutex_);
        if (cache_[at].empty() && cached_ + imageBytes() <= cacheBytes) {
            cached_ += imageBytes();
            cache_[at] = std::move(image.pixels);
        }
        return true;
    }

    const std::vector<Entry> entries_;
    mutable std::mutex mutex_;
    mutable std::vector<std::vector<std::uint8_t>> cache_;
    mutable std::vector<bool> broken_;
    mutable std::vector<std::string> problems_;
    mutable std::size_t cached_ = 0;
};

}  // namespace

std::shared_ptr<const Dataset> openFolder(const std::string& root, FolderSplit split, int imageSize, int channels) {
    const auto folder = splitFolder(root, split);
    std::vector<std::string> classNames, problems;
    std::vector<Entry> entries;
    for (const auto& classFolder : classFolders(folder)) {
        std::error_code error;
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(classFolder, fs::directory_options::skip_permission_denied, error))
            if (entry.is_regular_file(error) && entry.path().filename().native().front() != '.') files.push_back(entry.path());
        for (const auto& file : sorted(std::move(files))) {
            if (looksLikePicture(file)) entries.push_back({file, static_cast<int>(classNames.size())});
            else problems.push_back(file.string() + " is not a picture and is left out.");
        }
        classNames.push_back(classFolder.filename().string());
    }
    if (entries.empty()) throw Error(ErrorCode::BadFile, folder.string() + " holds no pictures.", "Put PNG, JPEG, BMP or WebP files into the subfolders.");
    return std::make_shared<FolderDataset>(std::move(classNames), imageSize, channels, std::move(entries), std::move(problems));
}

}  // namespace vl
