// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace vl {

/// Throws Error(NotFound) for a missing file, Error(BadFile) for one that is a folder, unreadable or over `maxBytes`.
std::string readTextFile(const std::filesystem::path& file, std::uintmax_t maxBytes = 64u << 20);

/// A file that appears under its name complete or not at all: written to a temporary file in the same folder,
/// flushed to the disk, then renamed; the folder entry is flushed too. Without commit() nothing remains.
class AtomicFile {
public:
    /// Creates missing folders. Throws Error(BadFile) when the place cannot be written.
    explicit AtomicFile(std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(const void* data, std::size_t bytes);
    void write(std::string_view text) { write(text.data(), text.size()); }
    void commit();

private:
    [[noreturn]] void fail(const char* what) const;

    std::filesystem::path target_, temporary_;
    int descriptor_ = -1;
};

void writeFileAtomically(const std::filesystem::path& file, std::string_view bytes);

/// The text of an errno value, safe from any thread.
std::string systemMessage(int error);

}  // namespace vl
