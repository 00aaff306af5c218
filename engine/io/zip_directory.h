// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vl {

struct ZipEntry {
    std::string_view name;     ///< points into the file
    std::uint64_t offset = 0;  ///< of the first byte of its data in the file
    std::uint64_t size = 0;    ///< bytes
};

/// The table of contents of a zip archive whose entries are stored, not compressed (ZIP64 included), so that their
/// data can be used where they lie. Checked whole before anything is handed out: every entry inside the file, none
/// overlapping another, local headers agreeing with the directory, names unique and without "..".
class ZipDirectory {
public:
    /// `bytes` must outlive the result; `where` names the file in messages. Throws Error(BadFile).
    static ZipDirectory read(std::span<const std::byte> bytes, const std::string& where);
    /// Whether the file begins like a zip archive.
    static bool looksLikeZip(std::span<const std::byte> bytes);

    /// In the order of the directory.
    const std::vector<ZipEntry>& entries() const { return entries_; }
    /// nullptr when there is none of that name.
    const ZipEntry* find(std::string_view name) const;

private:
    std::vector<ZipEntry> entries_;
    std::unordered_map<std::string_view, std::size_t> index_;
};

}  // namespace vl
