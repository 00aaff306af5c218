// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/api/data_source.h"
#include "engine/core/files.h"
#include "engine/data/index_mask.h"

namespace vl::test {

/// A folder of pictures and masks that goes away with the test.
class SegmentFolder {
public:
    SegmentFolder() {
        static std::atomic<int> counter{0};
        root_ = std::filesystem::temp_directory_path() /
                ("vl_segment_" + std::to_string(::getpid()) + "_" + std::to_string(counter++));
        std::filesystem::create_directories(root_);
    }
    ~SegmentFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }
    SegmentFolder(const SegmentFolder&) = delete;
    SegmentFolder& operator=(const SegmentFolder&) = delete;

    const std::filesystem::path& root() const { return root_; }
    void text(const std::string& name, const std::string& content) const { writeFileAtomically(root_ / name, content); }
    /// A picture of one colour.
    void picture(const std::string& name, int width, int height) const {
        const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, 90);
        writePng(root_ / name, {width, height, 3, pixels});
    }
    void mask(const std::string& name, int width, int height, const std::vector<std::uint8_t>& values) const {
        writeFileAtomically(root_ / name, indexMaskPng(width, height, values, {}));
    }
    /// A 2 x 2 picture with this mask, in the folders of `pictures` and `masks`.
    void pair(const std::string& pictures, const std::string& masks, const std::string& name,
              const std::vector<std::uint8_t>& values) const {
        picture(pictures + "/" + name + ".png", 2, 2);
        mask(masks + "/" + name + ".png", 2, 2, values);
    }

private:
    std::filesystem::path root_;
};

}  // namespace vl::test
