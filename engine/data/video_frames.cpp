// SPDX-License-Identifier: Apache-2.0
#include "engine/data/video_frames.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/data/video_module.h"

namespace vl {

bool isVideoName(const std::filesystem::path& file) {
    constexpr std::array<std::string_view, 11> kEndings = {".mp4", ".avi", ".mkv",  ".mov", ".webm", ".m4v",
                                                           ".mpg", ".ogv", ".mpeg", ".wmv", ".gif"};
    std::string ending = file.extension().string();
    for (char& c : ending)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

VideoFrames VideoFrames::open(const std::filesystem::path& file, std::int64_t maxPixels) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error))
        throw Error(ErrorCode::NotFound, "There is no video " + file.string() + ".", "Check the path.");
    const VlVideoModule& module = videoModule();
    VideoFrames video;
    video.file_ = file;
    video.maxPixels_ = maxPixels;
    // Absolute: a relative name with a colon would be taken for an address.
    if (void* reader = module.openReader(std::filesystem::absolute(file).c_str()))
        video.reader_ = std::shared_ptr<void>(reader, module.closeReader);
    if (video.reader_) {
        video.frames_ = module.announcedFrames(video.reader_.get());
        video.rate_ = module.framesPerSecond(video.reader_.get());
    }
    if (!video.reader_ || !video.fetch())
        throw Error(ErrorCode::BadFile, file.string() + " holds no video we can read.",
                    "Choose an MP4, AVI, MKV, WebM or GIF file that is complete.");
    video.first_ = std::move(video.frame_);
    return video;
}

bool VideoFrames::fetch() {
    VlVideoFrame frame{};
    if (ended_ || videoModule().read(reader_.get(), &frame) == 0) {
        ended_ = true;
        // Announced numbers may be estimates: a few frames less are no damage.
        const std::int64_t allowed = std::max<std::int64_t>(2, frames_ / 50);
        if (given_ > 0 && given_ + allowed < frames_)
            problem_ = file_.string() + " is cut off or damaged: it ends after " + thousands(given_) + " of " +
                       thousands(frames_) + " frames.";
        return false;
    }
    if (frame.width > maxPixels_ / std::max(frame.height, 1))
        throw Error(ErrorCode::BadFile,
                    file_.string() + " has frames of " + thousands(frame.width) + " x " + thousands(frame.height) +
                        " pixels, more than allowed.",
                    "Choose a smaller video.");
    const auto bytes = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height) * 3;
    frame_ = {frame.width, frame.height, 3, {frame.rgb, frame.rgb + bytes}};
    return true;
}

std::optional<Image> VideoFrames::next() {
    std::optional<Image> image = std::exchange(first_, std::nullopt);
    if (!image && fetch()) image = std::move(frame_);
    if (image) ++given_;
    return image;
}

bool VideoFrames::skip() {
    if (first_) first_.reset();
    else if (!fetch()) return false;
    ++given_;
    return true;
}

}  // namespace vl
