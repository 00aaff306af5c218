// SPDX-License-Identifier: Apache-2.0
#include "engine/data/video_recorder.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/data/video_module.h"

namespace vl {
namespace {

Error notWritten(const std::filesystem::path& file) {
    return {ErrorCode::BadFile, file.string() + " cannot be written.",
            "Check that the folder exists, may be written and has free space."};
}

}  // namespace

VideoRecorder::VideoRecorder(std::filesystem::path file, int width, int height, double framesPerSecond)
    : file_(std::move(file)), width_(width), height_(height) {
    if (width < 1 || height < 1 || width > 16384 || height > 16384 || !(framesPerSecond >= 1 && framesPerSecond <= 1000))
        throw Error(ErrorCode::Usage, "A video needs sides of 1 to 16384 pixels and 1 to 1000 frames a second.",
                    "Choose another size or rate.");
    const VlVideoModule& module = videoModule();
    void* writer = module.openWriter(std::filesystem::absolute(file_).c_str(), width + width % 2, height + height % 2,
                                     framesPerSecond);
    if (!writer)
        throw Error(ErrorCode::Unsupported, "This machine's OpenCV cannot write " + file_.filename().string() + ".",
                    "Check the folder, or choose .gif or .png.");
    writer_ = std::shared_ptr<void>(writer, module.closeWriter);
    even_.resize(static_cast<std::size_t>(width + width % 2) * static_cast<std::size_t>(height + height % 2) * 3);
}

/// The last row and column come twice where a side is odd.
void VideoRecorder::add(const Image& picture) {
    if (picture.width != width_ || picture.height != height_ || (picture.channels != 1 && picture.channels != 3))
        throw Error(ErrorCode::Mismatch, "A frame is not of the video's size.", "Start another video.");
    std::uint8_t* to = even_.data();
    for (int y = 0; y < height_ + height_ % 2; ++y) {
        const std::uint8_t* row = picture.pixels.data() +
                                  static_cast<std::size_t>(std::min(y, height_ - 1)) * width_ * picture.channels;
        for (int x = 0; x < width_ + width_ % 2; ++x) {
            const std::uint8_t* pixel = row + static_cast<std::ptrdiff_t>(std::min(x, width_ - 1)) * picture.channels;
            for (int c = 0; c < 3; ++c)
                *to++ = pixel[picture.channels == 3 ? c : 0];
        }
    }
    if (videoModule().write(writer_.get(), even_.data()) == 0) throw notWritten(file_);
}

void VideoRecorder::finish() {
    writer_.reset();
    std::error_code error;
    if (std::filesystem::file_size(file_, error) == 0 || error) throw notWritten(file_);
}

}  // namespace vl
