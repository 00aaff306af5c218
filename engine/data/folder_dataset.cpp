// SPDX-License-Identifier: Apache-2.0
#include "engine/data/folder_dataset.h"

#include <cstring>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/data/folder_listing.h"

namespace vl {
namespace {

constexpr std::size_t cacheBytes = 1u << 30;  // decoded pictures kept; beyond it files are decoded each time

using Entry = FolderListing::Entry;

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
    FolderListing listing = listFolder(root, split);
    return std::make_shared<FolderDataset>(std::move(listing.classNames), imageSize, channels, std::move(listing.pictures),
                                           std::move(listing.problems));
}

}  // namespace vl
