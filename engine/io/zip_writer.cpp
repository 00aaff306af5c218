// SPDX-License-Identifier: Apache-2.0
// Layout: PKWARE's APPNOTE.TXT, sections 4.3.6 to 4.3.16 and 4.5.3 (ZIP64).
#include "engine/io/zip_writer.h"

#include <algorithm>

#include "engine/io/byte_order.h"
#include "engine/io/crc32.h"

namespace vl {
namespace {

using detail::appendLittleEndian;
using U16 = std::uint16_t;
using U32 = std::uint32_t;
using U64 = std::uint64_t;

constexpr U64 in64 = 0xffffffff, alignment = 64;
constexpr U16 paddingField = 0x4246;                                ///< "FB", the field PyTorch pads with
constexpr U16 utf8Names = 0x0800, midnight = 0, firstDay = 0x0021;  ///< 1980-01-01: files do not differ by their hour

/// From "version needed" to the size of the name, the part both headers share.
std::string commonFields(U32 sum, U64 size, std::size_t nameBytes) {
    std::string out;
    appendLittleEndian<U16>(out, size >= in64 ? 45 : 20);
    appendLittleEndian<U16>(out, utf8Names);
    appendLittleEndian<U16>(out, 0);  // stored
    appendLittleEndian<U16>(out, midnight);
    appendLittleEndian<U16>(out, firstDay);
    appendLittleEndian<U32>(out, sum);
    appendLittleEndian<U32>(out, std::min(size, in64));
    appendLittleEndian<U32>(out, std::min(size, in64));
    appendLittleEndian<U16>(out, nameBytes);
    return out;
}

std::string extra64(U64 size, U64 offset, bool withOffset) {
    std::string fields;
    if (size >= in64) {
        appendLittleEndian<U64>(fields, size);
        appendLittleEndian<U64>(fields, size);
    }
    if (withOffset && offset >= in64) appendLittleEndian<U64>(fields, offset);
    std::string out;
    if (fields.empty()) return out;
    appendLittleEndian<U16>(out, 1);
    appendLittleEndian<U16>(out, fields.size());
    return out + fields;
}

}  // namespace

void ZipWriter::write(std::string_view bytes) {
    file_.write(bytes);
    offset_ += bytes.size();
}

void ZipWriter::add(std::string_view name, std::span<const std::byte> data) {
    const auto common = commonFields(crc32(data), data.size(), name.size());
    const auto begin = offset_;
    auto extra = extra64(data.size(), begin, false);
    const U64 unpadded = begin + 30 + name.size() + extra.size() + 4;
    const U64 padding = (alignment - unpadded % alignment) % alignment;
    appendLittleEndian<U16>(extra, paddingField);
    appendLittleEndian<U16>(extra, padding);
    extra.append(static_cast<std::size_t>(padding), 'Z');

    std::string local("PK\x03\x04");
    local += common;
    appendLittleEndian<U16>(local, extra.size());
    local += name;
    local += extra;
    write(local);
    file_.write(data.data(), data.size());
    offset_ += data.size();

    const auto far = extra64(data.size(), begin, true);
    directory_ += "PK\x01\x02";
    appendLittleEndian<U16>(directory_, 45);  // made by
    directory_ += common;
    appendLittleEndian<U16>(directory_, far.size());
    directory_.append(10, '\0');  // comment, disk, attributes
    appendLittleEndian<U32>(directory_, std::min(begin, in64));
    directory_ += name;
    directory_ += far;
    ++entries_;
}

void ZipWriter::finish() {
    const auto begin = offset_;
    write(directory_);
    const auto end64 = offset_;
    std::string out("PK\x06\x06");
    appendLittleEndian<U64>(out, 44);
    appendLittleEndian<U16>(out, 45);
    appendLittleEndian<U16>(out, 45);
    out.append(8, '\0');  // disks
    appendLittleEndian<U64>(out, entries_);
    appendLittleEndian<U64>(out, entries_);
    appendLittleEndian<U64>(out, directory_.size());
    appendLittleEndian<U64>(out, begin);
    out += std::string_view("PK\x06\x07\0\0\0\0", 8);
    appendLittleEndian<U64>(out, end64);
    appendLittleEndian<U32>(out, 1);
    out += std::string_view("PK\x05\x06\0\0\0\0", 8);
    appendLittleEndian<U16>(out, std::min<U64>(entries_, 0xffff));
    appendLittleEndian<U16>(out, std::min<U64>(entries_, 0xffff));
    appendLittleEndian<U32>(out, std::min<U64>(directory_.size(), in64));
    appendLittleEndian<U32>(out, std::min(begin, in64));
    appendLittleEndian<U16>(out, 0);  // no comment
    write(out);
}

}  // namespace vl
