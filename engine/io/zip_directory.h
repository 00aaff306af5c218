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
    std::uint64_t size = 0;    ///< bytes, unpacked
    std::uint64_t stored = 0;  ///< bytes in the file
    std::uint32_t sum = 0;     ///< CRC-32 of the unpacked data, as the archive states it
    bool deflated = false;     ///< else stored as it is, and both sizes are the same
};

/// Which entries an archive may have.
enum class ZipMethods { Stored, StoredOrDeflated };

/// The table of contents of a zip archive (ZIP64 included). Entries are stored, not compressed, so that their data can
/// be used where they lie, unless the caller knows what to do with deflated ones. Checked whole before anything is
/// handed out: every entry inside the file, none overlapping another, local headers agreeing with the directory, names
/// unique and without "..".
class ZipDirectory {
public:
    /// `bytes` must outlive the result; `where` names the file in messages. Throws Error(BadFile).
    static ZipDirectory read(std::span<const std::byte> bytes, const std::string& where,
                             ZipMethods methods = ZipMethods::Stored);
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
