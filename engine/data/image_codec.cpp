// SPDX-License-Identifier: Apache-2.0
// Decoding and encoding of picture files; the only file that sees OpenCV, left out of builds without it.
#include <cstring>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/data/image_header.h"

namespace vl {
namespace {

Error bad(const std::filesystem::path& file, const std::string& what) {
    return {ErrorCode::BadFile, file.string() + " " + what + ".", "Choose a PNG, JPEG, BMP, WebP or PNM picture."};
}

cv::Mat decode(const std::filesystem::path& file, const std::string& bytes) {
    cv::Mat decoded;
    try {
        const cv::Mat buffer(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
        // Any colour, any depth: grey stays grey, alpha is dropped, the camera's orientation is applied.
        decoded = cv::imdecode(buffer, cv::IMREAD_ANYCOLOR | cv::IMREAD_ANYDEPTH);
    } catch (const cv::Exception&) {
        throw bad(file, "is a damaged picture");
    }
    if (decoded.empty()) throw bad(file, "is a damaged picture");
    if (decoded.depth() == CV_16U) decoded.convertTo(decoded, CV_8U, 1.0 / 257.0);
    if (decoded.depth() != CV_8U || (decoded.channels() != 1 && decoded.channels() != 3)) throw bad(file, "has a pixel format we do not read");
    return decoded;
}

/// OpenCV keeps blue first.
void swapRedBlue(std::uint8_t* pixels, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) std::swap(pixels[3 * i], pixels[3 * i + 2]);
}

}  // namespace

Image readImage(const std::filesystem::path& file, std::int64_t maxPixels) {
    const auto bytes = readTextFile(file, 512u << 20);
    const auto header = readImageHeader(bytes);
    if (!header) throw bad(file, "is not a picture we can read");
    if (header->width > maxPixels / header->height)
        throw bad(file, "is " + thousands(header->width) + " x " + thousands(header->height) + " pixels, more than allowed");
    const auto decoded = decode(file, bytes);

    Image image{decoded.cols, decoded.rows, decoded.channels(), {}};
    const std::size_t row = static_cast<std::size_t>(image.width) * image.channels;
    image.pixels.resize(row * image.height);
    for (int y = 0; y < image.height; ++y) std::memcpy(image.pixels.data() + static_cast<std::size_t>(y) * row, decoded.ptr(y), row);
    if (image.channels == 3) swapRedBlue(image.pixels.data(), static_cast<std::size_t>(image.width) * image.height);
    return image;
}

std::string encodePng(const Image& image) {
    const auto pixels = static_cast<std::size_t>(std::max(image.width, 0)) * std::max(image.height, 0);
    if (pixels == 0 || (image.channels != 1 && image.channels != 3) || image.pixels.size() != pixels * image.channels)
        throw Error(ErrorCode::Usage, "There is no picture to encode.");
    auto copy = image.pixels;
    if (image.channels == 3) swapRedBlue(copy.data(), pixels);
    std::vector<unsigned char> encoded;
    const cv::Mat matrix(image.height, image.width, image.channels == 3 ? CV_8UC3 : CV_8UC1, copy.data());
    if (!cv::imencode(".png", matrix, encoded)) throw Error(ErrorCode::Internal, "A picture could not be encoded.");
    return {encoded.begin(), encoded.end()};
}

void writePng(const std::filesystem::path& file, const Image& image) {
    if (image.empty()) throw Error(ErrorCode::Usage, "There is no picture to write to " + file.string() + ".");
    writeFileAtomically(file, encodePng(image));
}

}  // namespace vl
