// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/files.h"

namespace vl {

/// Writes a zip archive of stored entries whose data begin at multiples of 64 bytes, as PyTorch lays them out;
/// ZIP64 fields where sizes or offsets need them. Throws what AtomicFile throws; the caller commits the file.
class ZipWriter {
public:
    explicit ZipWriter(AtomicFile& file) : file_(file) {}

    void add(std::string_view name, std::span<const std::byte> data);
    void add(std::string_view name, std::string_view text) { add(name, std::as_bytes(std::span(text))); }
    /// An entry in parts: begin, append until `size` bytes are there, end. Its sum follows the data.
    void begin(std::string_view name, std::uint64_t size);
    void append(std::span<const std::byte> data);
    /// Throws Error(Internal) when another number of bytes was appended than announced.
    void end();
    /// Writes the table of contents; nothing may be added after it.
    void finish();

private:
    struct Entry {
        std::string name;
        std::uint64_t begin = 0, size = 0, written = 0;
        std::uint32_t sum = 0;
        bool sumFollows = false;
    };
    void write(std::string_view bytes);
    void writeHeader(const Entry& entry);
    void list(const Entry& entry);

    AtomicFile& file_;
    std::string directory_;
    std::uint64_t offset_ = 0, entries_ = 0;
    Entry open_;
};

}  // namespace vl
