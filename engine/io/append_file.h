// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

namespace vl {

/// A file that only grows. Each append is one write to the operating system, so a killed program loses nothing it
/// appended and a reader sees at most the last record torn.
class AppendFile {
public:
    /// Creates the file if need be. Throws Error(BadFile).
    explicit AppendFile(std::filesystem::path file);
    ~AppendFile();
    AppendFile(AppendFile&& other) noexcept
        : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
    AppendFile& operator=(AppendFile&&) = delete;

    /// Throws Error(BadFile), for instance when the disk is full.
    void append(std::string_view bytes);
    /// Ends a line that a killed program left unfinished.
    void endTornLine();
    /// Returns when the disk has everything.
    void sync();

private:
    [[noreturn]] void fail() const;

    std::filesystem::path file_;
    int descriptor_ = -1;
};

}  // namespace vl
