// SPDX-License-Identifier: Apache-2.0
// Layout: PKWARE's APPNOTE.TXT, sections 4.3.6 to 4.3.16 and 4.5.3 (ZIP64).
#include "engine/io/zip_directory.h"

#include <algorithm>
#include <array>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/byte_order.h"

namespace vl {
namespace {

using detail::littleEndian;
using Bytes = std::span<const std::byte>;

constexpr std::uint32_t localSignature = 0x04034b50, entrySignature = 0x02014b50, endSignature = 0x06054b50;
constexpr std::uint32_t end64Signature = 0x06064b50, locator64Signature = 0x07064b50;
constexpr std::size_t localBytes = 30, entryBytes = 46, endBytes = 22, end64Bytes = 56, locator64Bytes = 20;
constexpr std::uint16_t stored = 0, deflate = 8;  ///< methods
constexpr std::uint64_t in64 = 0xffffffff;  ///< "the true value is in the ZIP64 field"

struct Directory {
    std::uint64_t offset = 0, size = 0, count = 0;
};

/// A directory entry with the place of its local header, which is what tells where the data begin.
struct Listed {
    ZipEntry entry;
    std::uint64_t header = 0;
};

class Parser {
public:
    Parser(Bytes bytes, const std::string& where, ZipMethods methods)
        : bytes_(bytes), where_(where), methods_(methods) {}

    std::vector<ZipEntry> parse() {
        const auto directory = findDirectory();
        auto listed = list(directory);
        locate(listed, directory.offset);
        std::vector<ZipEntry> entries;
        entries.reserve(listed.size());
        for (const auto& item : listed)
            entries.push_back(item.entry);
        return entries;
    }

private:
    [[noreturn]] void bad(const std::string& what, std::string hint = {}) const {
        if (hint.empty()) hint = "The file is damaged or incomplete; fetch or write it again.";
        throw Error(ErrorCode::BadFile, where_ + " is not a sound zip archive: " + what + ".", std::move(hint));
    }

    template <typename T>
    T at(std::uint64_t offset) const {
        return littleEndian<T>(bytes_, static_cast<std::size_t>(offset));
    }
    bool inside(std::uint64_t offset, std::uint64_t size) const {
        return offset <= bytes_.size() && size <= bytes_.size() - offset;
    }

    std::uint64_t findEnd() const;
    Directory findDirectory() const;
    Directory readEnd64(std::uint64_t end) const;
    std::vector<Listed> list(const Directory& directory) const;
    Listed readEntry(std::uint64_t offset, std::uint64_t limit) const;
    void readExtra64(Bytes extra, Listed& listed) const;
    void checkName(std::string_view name) const;
    void locate(std::vector<Listed>& listed, std::uint64_t directory) const;

    Bytes bytes_;
    const std::string& where_;
    ZipMethods methods_;
};

/// The end record is followed only by a comment whose length it states.
std::uint64_t Parser::findEnd() const {
    if (bytes_.size() < endBytes) bad("it is too short");
    const std::uint64_t last = bytes_.size() - endBytes;
    for (std::uint64_t back = 0; back <= std::min<std::uint64_t>(last, 0xffff); ++back)
        if (at<std::uint32_t>(last - back) == endSignature && at<std::uint16_t>(last - back + 20) == back)
            return last - back;
    bad("its table of contents is missing, so its end was cut off");
}

Directory Parser::findDirectory() const {
    const auto end = findEnd();
    if (at<std::uint16_t>(end + 4) != 0 || at<std::uint16_t>(end + 6) != 0) bad("it is one part of several");
    Directory directory{at<std::uint32_t>(end + 16), at<std::uint32_t>(end + 12), at<std::uint16_t>(end + 10)};
    std::uint64_t behind = end;
    if (end >= locator64Bytes && at<std::uint32_t>(end - locator64Bytes) == locator64Signature) {
        behind = end - locator64Bytes;
        directory = readEnd64(behind);
        behind = at<std::uint64_t>(behind + 8);
    }
    if (!inside(directory.offset, directory.size) || directory.offset + directory.size > behind)
        bad("its table of contents lies outside the file");
    if (directory.count > directory.size / entryBytes)
        bad("it claims more entries than its table of contents can hold");
    return directory;
}

Directory Parser::readEnd64(std::uint64_t locator) const {
    const auto end64 = at<std::uint64_t>(locator + 8);
    if (!inside(end64, end64Bytes) || end64 + end64Bytes > locator || at<std::uint32_t>(end64) != end64Signature)
        bad("its ZIP64 end record is missing");
    if (at<std::uint32_t>(end64 + 16) != 0 || at<std::uint32_t>(end64 + 20) != 0) bad("it is one part of several");
    return {at<std::uint64_t>(end64 + 48), at<std::uint64_t>(end64 + 40), at<std::uint64_t>(end64 + 32)};
}

std::vector<Listed> Parser::list(const Directory& directory) const {
    std::vector<Listed> listed;
    listed.reserve(static_cast<std::size_t>(directory.count));
    std::uint64_t offset = directory.offset;
    const auto limit = directory.offset + directory.size;
    for (std::uint64_t i = 0; i < directory.count; ++i) {
        listed.push_back(readEntry(offset, limit));
        offset += entryBytes + std::uint64_t{at<std::uint16_t>(offset + 28)} + at<std::uint16_t>(offset + 30) +
                  at<std::uint16_t>(offset + 32);
    }
    if (offset != limit) bad("its table of contents does not end where it should");
    return listed;
}

Listed Parser::readEntry(std::uint64_t offset, std::uint64_t limit) const {
    if (limit - offset < entryBytes || at<std::uint32_t>(offset) != entrySignature)
        bad("its table of contents is malformed");
    const std::uint64_t nameBytes = at<std::uint16_t>(offset + 28), extraBytes = at<std::uint16_t>(offset + 30);
    if (limit - offset < entryBytes + nameBytes + extraBytes + at<std::uint16_t>(offset + 32))
        bad("its table of contents is malformed");
    Listed listed;
    listed.entry.name =
        detail::textAt(bytes_, static_cast<std::size_t>(offset + entryBytes), static_cast<std::size_t>(nameBytes));
    checkName(listed.entry.name);
    const auto shown = printable(listed.entry.name);
    if (at<std::uint16_t>(offset + 8) & 1) bad("entry " + shown + " is encrypted", "Save it again without a password.");
    listed.entry.deflated = methods_ == ZipMethods::StoredOrDeflated && at<std::uint16_t>(offset + 10) == deflate;
    if (at<std::uint16_t>(offset + 10) != 0 && !listed.entry.deflated)
        bad("entry " + shown + " is compressed",
            "Unpack the archive and pack it again without compression (zip -0), or save it again with PyTorch.");
    if (at<std::uint16_t>(offset + 34) != 0) bad("it is one part of several");
    listed.entry.sum = at<std::uint32_t>(offset + 16);
    listed.entry.size = at<std::uint32_t>(offset + 24);
    listed.entry.stored = at<std::uint32_t>(offset + 20);
    listed.header = at<std::uint32_t>(offset + 42);
    readExtra64(
        bytes_.subspan(static_cast<std::size_t>(offset + entryBytes + nameBytes), static_cast<std::size_t>(extraBytes)),
        listed);
    if (!listed.entry.deflated && listed.entry.stored != listed.entry.size)
        bad("entry " + shown + " has two different sizes");
    return listed;
}

/// The ZIP64 field holds, in this order, only those of size, stored size and offset that did not fit.
void Parser::readExtra64(Bytes extra, Listed& listed) const {
    std::array<std::uint64_t*, 3> wanted{};
    std::size_t count = 0;
    for (auto* value : {&listed.entry.size, &listed.entry.stored, &listed.header})
        if (*value == in64) wanted[count++] = value;
    if (count == 0) return;
    for (std::size_t at64 = 0; extra.size() - at64 >= 4;) {
        const std::size_t size = littleEndian<std::uint16_t>(extra, at64 + 2);
        if (size > extra.size() - at64 - 4) break;
        if (littleEndian<std::uint16_t>(extra, at64) == 1) {
            if (size < count * 8) break;
            for (std::size_t i = 0; i < count; ++i)
                *wanted[i] = littleEndian<std::uint64_t>(extra, at64 + 4 + 8 * i);
            return;
        }
        at64 += 4 + size;
    }
    bad("entry " + printable(listed.entry.name) + " lacks its ZIP64 sizes");
}

void Parser::checkName(std::string_view name) const {
    const bool climbs = name == ".." || name.substr(0, 3) == "../" || name.find("/../") != name.npos ||
                        (name.size() >= 3 && name.substr(name.size() - 3) == "/..");
    if (name.empty() || name.front() == '/' || name.find('\0') != name.npos || climbs)
        bad("it has an entry with the forbidden name \"" + printable(name) + "\"");
}

/// Finds the data behind the local headers and refuses overlaps: in file order each entry must end before the next.
void Parser::locate(std::vector<Listed>& listed, std::uint64_t directory) const {
    std::vector<Listed*> order;
    order.reserve(listed.size());
    for (auto& item : listed) {
        const auto shown = printable(item.entry.name);
        if (!inside(item.header, localBytes) || at<std::uint32_t>(item.header) != localSignature)
            bad("entry " + shown + " is not where the table of contents says");
        const std::uint64_t nameBytes = at<std::uint16_t>(item.header + 26),
                            extraBytes = at<std::uint16_t>(item.header + 28);
        item.entry.offset = item.header + localBytes + nameBytes + extraBytes;
        if (item.entry.offset > directory || item.entry.stored > directory - item.entry.offset)
            bad("entry " + shown + " does not fit into the file");
        if (nameBytes != item.entry.name.size() ||
            detail::textAt(bytes_, static_cast<std::size_t>(item.header + localBytes),
                           static_cast<std::size_t>(nameBytes)) != item.entry.name)
            bad("entry " + shown + " has two different names");
        if (at<std::uint16_t>(item.header + 8) != (item.entry.deflated ? deflate : stored))
            bad("entry " + shown + " is compressed" + (item.entry.deflated ? " in two ways" : ""));
        order.push_back(&item);
    }
    std::sort(order.begin(), order.end(), [](const Listed* a, const Listed* b) { return a->header < b->header; });
    for (std::size_t i = 1; i < order.size(); ++i)
        if (order[i - 1]->entry.offset + order[i - 1]->entry.stored > order[i]->header)
            bad("entries " + printable(order[i - 1]->entry.name) + " and " + printable(order[i]->entry.name) +
                " overlap");
}

}  // namespace

bool ZipDirectory::looksLikeZip(std::span<const std::byte> bytes) {
    return bytes.size() >= 4 && (littleEndian<std::uint32_t>(bytes, 0) == localSignature ||
                                 littleEndian<std::uint32_t>(bytes, 0) == endSignature);
}

ZipDirectory ZipDirectory::read(std::span<const std::byte> bytes, const std::string& where, ZipMethods methods) {
    ZipDirectory directory;
    directory.entries_ = Parser(bytes, where, methods).parse();
    for (std::size_t i = 0; i < directory.entries_.size(); ++i)
        if (!directory.index_.emplace(directory.entries_[i].name, i).second)
            throw Error(ErrorCode::BadFile,
                        where + " is not a sound zip archive: entry " + printable(directory.entries_[i].name) +
                            " is there twice.",
                        "The file is damaged; fetch or write it again.");
    return directory;
}

const ZipEntry* ZipDirectory::find(std::string_view name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &entries_[found->second];
}

}  // namespace vl
