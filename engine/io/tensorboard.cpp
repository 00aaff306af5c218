// SPDX-License-Identifier: Apache-2.0
#include "engine/io/tensorboard.h"

#include <unistd.h>

#include <array>
#include <bit>

#include "engine/core/text.h"

namespace vl {
namespace {

constexpr std::array<std::uint32_t, 256> makeTable() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0);
        table[i] = value;
    }
    return table;
}

template <typename T>
void putLittleEndian(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>((value >> (8 * i)) & 0xff);
}

void putVarint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

/// A protobuf field of bytes: text or an embedded message.
void putBytes(std::string& out, int field, std::string_view bytes) {
    putVarint(out, static_cast<std::uint64_t>(field << 3 | 2));
    putVarint(out, bytes.size());
    out += bytes;
}

std::string eventHead(double wallSeconds, std::int64_t step) {
    std::string event;
    putVarint(event, 1 << 3 | 1);  // wall_time
    putLittleEndian(event, std::bit_cast<std::uint64_t>(wallSeconds));
    putVarint(event, 2 << 3 | 0);  // step
    putVarint(event, static_cast<std::uint64_t>(step));
    return event;
}

std::string fileName(double wallSeconds) {
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0 || host[0] == '\0') host = {"host"};
    return "events.out.tfevents." + formatFixed(wallSeconds, 0) + "." + host.data() + "." + std::to_string(::getpid());
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
    static constexpr auto table = makeTable();
    std::uint32_t value = ~0u;
    for (const char c : bytes) value = table[(value ^ static_cast<unsigned char>(c)) & 0xff] ^ (value >> 8);
    return ~value;
}

std::uint32_t maskedCrc32c(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xa282ead8u; }

TensorBoardWriter::TensorBoardWriter(const std::filesystem::path& folder, double wallSeconds) : file_(folder / fileName(wallSeconds)) {
    auto event = eventHead(wallSeconds, 0);
    putBytes(event, 3, "brain.Event:2");
    frame(event);
}

void TensorBoardWriter::frame(std::string_view event) {
    std::string record;
    putLittleEndian(record, static_cast<std::uint64_t>(event.size()));
    putLittleEndian(record, maskedCrc32c(record));
    record += event;
    putLittleEndian(record, maskedCrc32c(event));
    file_.append(record);
}

void TensorBoardWriter::scalars(double wallSeconds, std::int64_t step, std::span<const Scalar> values) {
    std::string summary;
    for (const auto& [tag, value] : values) {
        std::string entry;
        putBytes(entry, 1, tag);
        putVarint(entry, 2 << 3 | 5);  // simple_value
        putLittleEndian(entry, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
        putBytes(summary, 1, entry);
    }
    auto event = eventHead(wallSeconds, step);
    putBytes(event, 5, summary);
    frame(event);
}

}  // namespace vl
