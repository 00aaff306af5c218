// SPDX-License-Identifier: Apache-2.0
#include "app/cli/dense_inputs.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "engine/api/data_source.h"
#include "engine/core/error.h"

namespace vl::cli {
namespace {

namespace fs = std::filesystem;

bool isPictureName(const fs::path& file) {
    std::string ending = file.extension().string();
    for (char& c : ending)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const char* known : {".png", ".jpg", ".jpeg", ".bmp", ".webp", ".ppm", ".pgm"})
        if (ending == known) return true;
    return false;
}

std::vector<fs::path> picturesOf(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (isPictureName(entry.path()) && !entry.is_directory(error)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    if (files.empty())
        throw Error(ErrorCode::BadFile, "The folder " + folder.string() + " holds no pictures.",
                    "Name a folder with PNG, JPEG, BMP, WebP or PNM files.");
    return files;
}

Image threeChannels(Image image) {
    if (image.channels == 3) return image;
    Image colour{image.width, image.height, 3, {}};
    colour.pixels.reserve(image.pixels.size() * 3);
    for (const std::uint8_t grey : image.pixels)
        colour.pixels.insert(colour.pixels.end(), 3, grey);
    return colour;
}

}  // namespace

DenseInputs::DenseInputs(const std::vector<std::string>& paths, int everyFrame) : every_(everyFrame) {
    std::error_code error;
    for (const std::string& path : paths) {
        if (!fs::exists(path, error)) throw Error(ErrorCode::NotFound, "There is no " + path + ".", "Check the path.");
        if (!fs::is_directory(path, error)) {
            files_.emplace_back(path);
            continue;
        }
        const std::vector<fs::path> found = picturesOf(path);
        files_.insert(files_.end(), found.begin(), found.end());
    }
    const bool alone = paths.size() == 1 && !fs::is_directory(paths.front(), error);
    film_ = alone && isVideoName(files_.front());
    single_ = alone && !film_;
}

std::int64_t DenseInputs::count() const {
    // Videos count as one until they are opened, with what they announce from then on.
    const std::int64_t frames = video_ ? std::max<std::int64_t>(0, videoPictures_ - videoTaken_) : 0;
    return taken_ + static_cast<std::int64_t>(files_.size() - at_) + frames;
}

std::optional<DenseInput> DenseInputs::nextFrame() {
    const std::int64_t index = video_->given();
    std::optional<Image> image = video_->next();
    if (!image) {
        const std::string problem = video_->problem();
        video_.reset();
        if (!problem.empty()) throw Error(ErrorCode::BadFile, problem, "The frames before that were used.");
        return std::nullopt;
    }
    for (int i = 1; i < every_ && video_->skip(); ++i) {}
    ++taken_, ++videoTaken_;
    char number[32];
    std::snprintf(number, sizeof number, "%05lld", static_cast<long long>(index));
    return DenseInput{videoFile_.string() + " frame " + std::to_string(index), videoFile_.stem().string() + "-" + number,
                      std::move(*image)};
}

std::optional<DenseInput> DenseInputs::next() {
    while (true) {
        if (video_) {
            if (auto frame = nextFrame()) return frame;
            continue;
        }
        if (at_ == files_.size()) return std::nullopt;
        const fs::path file = files_[at_++];
        ++taken_;  // also where reading fails
        if (!isVideoName(file)) return DenseInput{file.string(), file.stem().string(), threeChannels(readImage(file))};
        VideoFrames video = VideoFrames::open(file);
        --taken_;
        videoPictures_ = (video.frames() + every_ - 1) / every_;
        videoTaken_ = 0;
        rate_ = video.framesPerSecond() / every_;
        videoFile_ = file;
        video_.emplace(std::move(video));
    }
}

std::string UniqueNames::take(const std::string& label) {
    std::string name = label;
    for (int i = 2; std::find(taken_.begin(), taken_.end(), name) != taken_.end(); ++i)
        name = label + "-" + std::to_string(i);
    taken_.push_back(name);
    return name;
}

}  // namespace vl::cli
