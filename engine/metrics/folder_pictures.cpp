// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include <ATen/ops/empty.h>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/data/image_header.h"
#include "engine/metrics/picture_source.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

struct Entry {
    fs::path file;
    int label = -1;
};

bool hidden(const fs::path& path) { return path.filename().native().front() == '.'; }

bool looksLikePicture(const fs::path& file) {
    std::array<char, 32> start{};
    std::ifstream in(file, std::ios::binary);
    in.read(start.data(), start.size());
    return !imageFormat({start.data(), static_cast<std::size_t>(in.gcount())}).empty();
}

/// Files (or folders) of `folder` by name; "2.png" before "10.png" is of no matter here.
std::vector<fs::path> children(const fs::path& folder, bool folders) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (!hidden(entry.path()) && (folders ? entry.is_directory(error) : entry.is_regular_file(error)) &&
            (folders || looksLikePicture(entry.path())))
            found.push_back(entry.path());
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.native() < b.native(); });
    return found;
}

class FolderPictures final : public PictureSource {
public:
    FolderPictures(std::vector<Entry> entries, std::vector<std::string> classNames)
        : entries_(std::move(entries)), classNames_(std::move(classNames)) {}

    std::int64_t size() const override { return static_cast<std::int64_t>(entries_.size()); }
    std::vector<std::string> classNames() const override { return classNames_; }

    /// Ends early where the next picture has another size; that one waits decoded.
    PictureBatch next(std::int64_t most) override {
        std::vector<Image> images;
        PictureBatch result;
        while (done_ < entries_.size() && static_cast<std::int64_t>(images.size()) < most) {
            if (waiting_.empty()) waiting_ = readImage(entries_[done_].file);
            if (!images.empty() && (waiting_.width != images[0].width || waiting_.height != images[0].height ||
                                    waiting_.channels != images[0].channels))
                break;
            images.push_back(std::exchange(waiting_, {}));
            if (!classNames_.empty()) result.labels.push_back(entries_[done_].label);
            ++done_;
        }
        if (!images.empty()) result.pictures = stacked(images);
        return result;
    }

private:
    static at::Tensor stacked(const std::vector<Image>& images) {
        const Image& first = images[0];
        const at::Tensor batch =
            at::empty({static_cast<std::int64_t>(images.size()), first.height, first.width, first.channels}, at::kByte);
        auto* to = batch.mutable_data_ptr<std::uint8_t>();
        for (const Image& image : images) {
            std::memcpy(to, image.pixels.data(), image.pixels.size());
            to += image.pixels.size();
        }
        return batch.permute({0, 3, 1, 2}).contiguous();
    }

    std::vector<Entry> entries_;
    std::vector<std::string> classNames_;
    std::size_t done_ = 0;
    Image waiting_;
};

}  // namespace

std::unique_ptr<PictureSource> folderPictures(const fs::path& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
        throw Error(ErrorCode::NotFound, "There is no folder " + folder.string() + ".", "Name a folder of pictures.");
    std::vector<Entry> entries;
    std::vector<std::string> classNames;
    for (const auto& file : children(folder, false))
        entries.push_back({file, -1});
    if (entries.empty())
        for (const auto& inner : children(folder, true)) {
            const auto files = children(inner, false);
            for (const auto& file : files)
                entries.push_back({file, static_cast<int>(classNames.size())});
            if (!files.empty()) classNames.push_back(inner.filename().string());
        }
    if (entries.empty())
        throw Error(ErrorCode::BadFile, folder.string() + " holds no pictures.",
                    "Put PNG, JPEG, BMP or WebP files into it or into one subfolder a class.");
    return std::make_unique<FolderPictures>(std::move(entries), std::move(classNames));
}

}  // namespace vl
