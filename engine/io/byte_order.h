// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace vl::detail {

/// The little-endian number at `offset`; the caller has checked that it lies inside.
template <typename T>
T littleEndian(std::span<const std::byte> bytes, std::size_t offset) {
    std::uint64_t value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;)
        value = (value << 8) | std::to_integer<std::uint64_t>(bytes[offset + i]);
    return static_cast<T>(value);
}

template <typename T>
void appendLittleEndian(std::string& out, T value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i)
        out += static_cast<char>((bits >> (8 * i)) & 0xff);
}

inline std::string_view textAt(std::span<const std::byte> bytes, std::size_t offset, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes.data()) + offset, size};
}

}  // namespace vl::detail
