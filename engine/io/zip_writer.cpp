// SPDX-License-Identifier: Apache-2.0
// Layout: PKWARE's APPNOTE.TXT, sections 4.3.6 to 4.3.16 and 4.5.3 (ZIP64).
#include "engine/io/zip_writer.h"

#include <algorithm>

#include "engine/core/error.h"
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
constexpr U16 utf8Names = 0x0800, sumBehindData = 0x0008;  ///< flags
constexpr U16 midnight = 0, firstDay = 0x0021;             ///< 1980-01-01: files do not differ by their hour

/// From "version needed" to the size of the name, the part both headers share.
std::string commonFields(U16 flags, U32 sum, U64 size, std::size_t nameBytes) {
    std::string out;
    appendLittleEndian<U16>(out, size >= in64 ? 45 : 20);
    appendLittleEndian<U16>(out, flags);
    appendLittleEndian<U16>(out, 0);  // stored
    appendLittleEndian<U16>(out, midnight);
    appendLittleEndian<U16>(out, firstDay);
    appendLittleEndian<U32>(out, sum);
    appendLittleEndian<U32>(out, std::min(size, in64));
    appendLittleEndian<U32>(out, std::min(size, in64));
    appendLittleEndian<U16>(out, nameBytes);
    return out;
}

U16 flagsOf(bool sumFollows) { return static_cast<U16>(utf8Names | (sumFollows ? sumBehindData : 0)); }

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

void ZipWriter::writeHeader(const Entry& entry) {
    auto extra = extra64(entry.size, entry.begin, false);
    const U64 unpadded = entry.begin + 30 + entry.name.size() + extra.size() + 4;
    const U64 padding = (alignment - unpadded % alignment) % alignment;
    appendLittleEndian<U16>(extra, paddingField);
    appendLittleEndian<U16>(extra, padding);
    extra.append(static_cast<std::size_t>(padding), 'Z');

    std::string local("PK\x03\x04");
    local += commonFields(flagsOf(entry.sumFollows), entry.sum, entry.size, entry.name.size());
    appendLittleEndian<U16>(local, extra.size());
    local += entry.name;
    local += extra;
    write(local);
}

void ZipWriter::list(const Entry& entry) {
    const auto far = extra64(entry.size, entry.begin, true);
    directory_ += "PK\x01\x02";
    appendLittleEndian<U16>(directory_, 45);  // made by
    directory_ += commonFields(flagsOf(entry.sumFollows), entry.sum, entry.size, entry.name.size());
    appendLittleEndian<U16>(directory_, far.size());
    directory_.append(10, '\0');  // comment, disk, attributes
    appendLittleEndian<U32>(directory_, std::min(entry.begin, in64));
    directory_ += entry.name;
    directory_ += far;
    ++entries_;
}

void ZipWriter::add(std::string_view name, std::span<const std::byte> data) {
    const Entry entry{std::string(name), offset_, data.size(), data.size(), crc32(data), false};
    writeHeader(entry);
    file_.write(data.data(), data.size());
    offset_ += data.size();
    list(entry);
}

void ZipWriter::begin(std::string_view name, std::uint64_t size) {
    open_ = {std::string(name), offset_, size, 0, 0, true};
    writeHeader(open_);
}

void ZipWriter::append(std::span<const std::byte> data) {
    open_.sum = crc32(data, open_.sum);
    open_.written += data.size();
    file_.write(data.data(), data.size());
    offset_ += data.size();
}

void ZipWriter::end() {
    if (open_.written != open_.size)
        throw Error(ErrorCode::Internal, "An archive's entry got another number of bytes than was announced.");
    std::string descriptor("PK\x07\x08");
    appendLittleEndian<U32>(descriptor, open_.sum);
    for (int twice = 0; twice < 2; ++twice)
        if (open_.size >= in64)
            appendLittleEndian<U64>(descriptor, open_.size);
        else
            appendLittleEndian<U32>(descriptor, open_.size);
    write(descriptor);
    list(open_);
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
