// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/error.h"

namespace vl::fuzz {

inline std::span<const std::byte> asBytes(const std::uint8_t* data, std::size_t size) {
    return std::as_bytes(std::span(data, size));
}

/// Runs a reader; vl::Error with a sentence is the one exception it may throw, everything else ends the fuzzer.
template <typename Reader>
int run(Reader&& reader) {
    try {
        reader();
    } catch (const Error& error) {
        if (error.message().empty()) std::abort();
    }
    return 0;
}

/// The input as a file in memory, for readers that want a path. Made once and overwritten for each input.
class MemoryFile {
public:
    MemoryFile() : descriptor_(::memfd_create("fuzz", 0)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {
        if (descriptor_ < 0) std::abort();
    }
    const std::filesystem::path& holding(const std::uint8_t* data, std::size_t size) {
        if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) std::abort();
        if (::pwrite(descriptor_, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
        return path_;
    }

private:
    int descriptor_;
    std::filesystem::path path_;
};

}  // namespace vl::fuzz
