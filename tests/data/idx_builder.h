// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vl::test {

/// The bytes of an IDX file of unsigned bytes.
inline std::string idxBytes(const std::vector<std::uint32_t>& shape, const std::string& values) {
    std::string bytes{'\0', '\0', '\x08', static_cast<char>(shape.size())};
    for (const auto extent : shape)
        for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((extent >> shift) & 0xff);
    return bytes + values;
}

/// `count` pictures of 28 px: every pixel of picture i has the value i % 251.
inline std::string plainPictures(std::uint32_t count) {
    std::string values;
    for (std::uint32_t i = 0; i < count; ++i) values += std::string(28 * 28, static_cast<char>(i % 251));
    return idxBytes({count, 28, 28}, values);
}

inline std::string cyclingLabels(std::uint32_t count, std::uint32_t classes = 10) {
    std::string values;
    for (std::uint32_t i = 0; i < count; ++i) values += static_cast<char>(i % classes);
    return idxBytes({count}, values);
}

}  // namespace vl::test
