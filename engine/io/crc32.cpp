// SPDX-License-Identifier: Apache-2.0
#include "engine/io/crc32.h"

#include <array>

#include "engine/io/byte_order.h"

namespace vl {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

/// tables[k][b]: the sum of byte b followed by k zero bytes.
constexpr Tables makeTables() {
    Tables tables{};
    for (std::uint32_t b = 0; b < 256; ++b) {
        std::uint32_t sum = b;
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum >> 1) ^ (sum & 1 ? 0xedb88320u : 0u);
        tables[0][b] = sum;
    }
    for (std::size_t k = 1; k < 8; ++k)
        for (std::size_t b = 0; b < 256; ++b)
            tables[k][b] = (tables[k - 1][b] >> 8) ^ tables[0][tables[k - 1][b] & 0xff];
    return tables;
}

constexpr Tables tables = makeTables();

}  // namespace

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before) {
    std::uint32_t sum = ~before;
    std::size_t at = 0;
    for (; bytes.size() - at >= 8; at += 8) {
        const auto word = detail::littleEndian<std::uint64_t>(bytes, at) ^ sum;
        sum = 0;
        for (std::size_t k = 0; k < 8; ++k)
            sum ^= tables[7 - k][(word >> (8 * k)) & 0xff];
    }
    for (; at < bytes.size(); ++at)
        sum = (sum >> 8) ^ tables[0][(sum ^ std::to_integer<std::uint32_t>(bytes[at])) & 0xff];
    return ~sum;
}

}  // namespace vl
