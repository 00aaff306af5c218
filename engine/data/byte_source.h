// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

namespace vl {

/// Bytes of a file in order, decompressed on the way when it is gzip.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// Up to `bytes` bytes; fewer only at the end. Throws Error(BadFile) for damaged compression.
    virtual std::size_t read(void* to, std::size_t bytes) = 0;
};

/// Throws Error(NotFound | BadFile), Error(Unsupported) for gzip in a build without zlib.
std::unique_ptr<ByteSource> openBytes(const std::filesystem::path& file);

}  // namespace vl
