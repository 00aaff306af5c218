// SPDX-License-Identifier: Apache-2.0
// MPEG-4 files through OpenCV; left out of builds without its video part.
#include <algorithm>

#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>

#include "engine/core/error.h"
#include "engine/data/animation.h"

namespace vl {
namespace {

/// Blue first, and a last row and column once more where a side is odd.
cv::Mat evenPicture(const Image& image) {
    cv::Mat out(image.height + image.height % 2, image.width + image.width % 2, CV_8UC3);
    for (int y = 0; y < out.rows; ++y) {
        const std::uint8_t* row = image.pixels.data() +
                                  static_cast<std::size_t>(std::min(y, image.height - 1)) * image.width * image.channels;
        std::uint8_t* to = out.ptr(y);
        for (int x = 0; x < out.cols; ++x) {
            const std::uint8_t* pixel = row + static_cast<std::ptrdiff_t>(std::min(x, image.width - 1)) * image.channels;
            for (int c = 0; c < 3; ++c) *to++ = pixel[image.channels == 3 ? 2 - c : 0];
        }
    }
    return out;
}

Error noEncoder() {
    return {ErrorCode::Unsupported, "This machine's OpenCV cannot write MPEG-4 video.", "Choose .gif or .png."};
}

}  // namespace

void writeMp4(const std::filesystem::path& file, const Animation& animation, const AnimationProgress& progress) {
    detail::checkAnimation(animation);
    try {
        const cv::Size size(animation.width + animation.width % 2, animation.height + animation.height % 2);
        cv::VideoWriter writer(file.string(), cv::VideoWriter::fourcc('m', 'p', '4', 'v'), animation.framesPerSecond, size);
        if (!writer.isOpened()) throw noEncoder();
        cv::Mat last;
        for (std::size_t i = 0; i < animation.frames; ++i) {
            detail::tell(progress, static_cast<double>(i) / static_cast<double>(animation.frames));
            last = evenPicture(detail::frameOf(animation, i));
            writer.write(last);
        }
        const int held = static_cast<int>(animation.holdLast * animation.framesPerSecond);
        for (int i = 0; i < held; ++i) writer.write(last);
        writer.release();
    } catch (const cv::Exception&) {
        throw noEncoder();
    }
    std::error_code error;
    if (std::filesystem::file_size(file, error) == 0 || error)
        throw Error(ErrorCode::BadFile, file.string() + " cannot be written.",
                    "Check that the folder exists, may be written and has free space.");
    detail::tell(progress, 1);
}

}  // namespace vl
