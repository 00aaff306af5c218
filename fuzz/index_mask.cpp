// SPDX-License-Identifier: Apache-2.0
#include "engine/data/index_mask.h"
#include "fuzz/fuzz_input.h"

/// A mask that is read has a number for each pixel, and comes back the same after it was written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return vl::fuzz::run([&] {
        constexpr std::int64_t kMostPixels = 1 << 20;
        const vl::IndexMask mask =
            vl::parseIndexMask({reinterpret_cast<const char*>(data), size}, "input", kMostPixels);
        if (mask.indices.size() != static_cast<std::size_t>(mask.width) * static_cast<std::size_t>(mask.height))
            std::abort();
        const std::string again = vl::indexMaskPng(mask.width, mask.height, mask.indices, mask.palette);
        const vl::IndexMask read = vl::parseIndexMask(again, "input", kMostPixels);
        if (read.indices != mask.indices || read.palette != mask.palette) std::abort();
    });
}
