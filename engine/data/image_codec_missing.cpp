// SPDX-License-Identifier: Apache-2.0
// Stands in for image_codec.cpp in builds without OpenCV.
#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/data/png_stored.h"

namespace vl {

Image readImage(const std::filesystem::path& file, std::int64_t) {
    throw Error(ErrorCode::Unsupported, "This build has no OpenCV and cannot read " + file.string() + ".", "Build with OpenCV (libopencv-dev).");
}

std::string encodePng(const Image& image) { return storedPng(image); }

void writePng(const std::filesystem::path& file, const Image& image) { writeFileAtomically(file, storedPng(image)); }

}  // namespace vl
