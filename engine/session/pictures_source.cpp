// SPDX-License-Identifier: Apache-2.0
#include "engine/session/pictures_source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <optional>
#include <utility>

#include "engine/api/data_source.h"
#include "engine/data/resize.h"
#include "engine/data/video_frames.h"
#include "engine/train/translate_error.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kMostFiles = 1'000'000;

bool isPictureName(const fs::path& file) {
    constexpr std::array<std::string_view, 10> endings{".png", ".jpg", ".jpeg", ".bmp", ".webp",
                                                       ".pnm", ".ppm", ".pgm",  ".tif", ".tiff"};
    std::string ending = file.extension().string();
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::find(endings, ending) != endings.end() && file.filename().string().front() != '.';
}

/// Of the root of a data set in a known layout: where its held-back pictures lie.
std::optional<fs::path> heldBackIn(const fs::path& root) {
    std::error_code error;
    for (const char* place : {"images/validation", "images/val2017", "images/val", "val2017", "JPEGImages", "images"})
        if (fs::is_directory(root / place, error) && !fs::is_empty(root / place, error)) return root / place;
    return std::nullopt;
}

std::vector<fs::path> picturesIn(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        if (isPictureName(entry->path()) && entry->is_regular_file(ignored)) files.push_back(entry->path());
        if (static_cast<std::int64_t>(files.size()) >= kMostFiles) break;
    }
    if (error)
        throw Error(ErrorCode::BadFile, "The folder " + folder.string() + " cannot be read.", "Look at its permissions.");
    if (files.empty())
        if (const auto inner = heldBackIn(folder)) return picturesIn(*inner);
    if (files.empty())
        throw Error(ErrorCode::NotFound, "There are no pictures in " + folder.string() + ".",
                    "Choose a folder with PNG, JPEG, BMP, WebP or PNM pictures.");
    std::ranges::sort(files);
    return files;
}

}  // namespace

PictureReaders pictureReaders() {
    PictureReaders readers;
    readers.picture = [](const fs::path& file) { return readImage(file); };
    readers.isVideo = [](const fs::path& file) { return isVideoName(file); };
    readers.video = [](const fs::path& file) {
        const auto frames = std::make_shared<VideoFrames>(VideoFrames::open(file));
        FrameReader reader;
        reader.next = [frames] { return frames->next(); };
        reader.skip = [frames] { return frames->skip(); };
        reader.frames = frames->frames();
        reader.problem = [frames] { return frames->problem(); };
        return reader;
    };
    return readers;
}

PictureSource::PictureSource(const DenseRequest& request, PictureReaders readers)
    : readers_(std::move(readers)), step_(std::max(request.videoStep, 1)) {
    if (!request.image.empty()) {
        const std::string name = request.imageName.empty() ? "pasted picture" : request.imageName;
        pasted_ = Item{name, {}, request.image, {}, {}};
        all_ = 1;
        return;
    }
    std::error_code error;
    const fs::file_status status = fs::status(request.source, error);
    if (request.source.empty())
        throw Error(ErrorCode::Usage, "No picture was given.", "Choose a picture, a folder or a video.");
    if (!fs::exists(status))
        throw Error(ErrorCode::NotFound, request.source.string() + " is not there.",
                    "Choose a picture, a folder or a video.");
    if (fs::is_directory(status)) {
        files_ = picturesIn(request.source);
    } else if (readers_.isVideo && readers_.isVideo(request.source)) {
        video_ = readers_.video(request.source);
        all_ = (video_.frames + step_ - 1) / step_;
        return;
    } else {
        files_ = {request.source};
    }
    all_ = static_cast<std::int64_t>(files_.size());
}

std::optional<PictureSource::Item> PictureSource::next() {
    if (video_.next) return nextFrame();
    if (pasted_) {
        Item item = std::move(*pasted_);
        pasted_.reset();
        try {
            item.image = convertChannels(item.image, 3);
        } catch (...) {
            const Error problem = translateError(std::current_exception());
            item.image = {};
            item.problem = problem.message(), item.advice = problem.hint();
        }
        return item;
    }
    if (at_ == files_.size()) return std::nullopt;
    const fs::path& file = files_[at_++];
    Item item{file.filename().string(), file, {}, {}, {}};
    try {
        item.image = convertChannels(readers_.picture(file), 3);
    } catch (...) {
        const Error problem = translateError(std::current_exception());
        item.problem = problem.message(), item.advice = problem.hint();
    }
    return item;
}

std::optional<PictureSource::Item> PictureSource::nextFrame() {
    std::string problem, advice;
    try {
        for (int i = 1; frame_ > 0 && i < step_; ++i, ++frame_)
            if (!video_.skip()) break;
        if (auto image = video_.next()) return Item{"frame " + std::to_string(frame_++), {}, std::move(*image), {}, {}};
        if (video_.problem) problem = video_.problem();
    } catch (...) {
        const Error error = translateError(std::current_exception());
        problem = error.message(), advice = error.hint();
    }
    video_ = {};  // after the end, or what was the end
    if (problem.empty()) return std::nullopt;
    return Item{"frame " + std::to_string(frame_), {}, {}, problem, advice};
}

}  // namespace vl
