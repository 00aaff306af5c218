// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/io/crc32.h"
#include "tests/io/pth_builder.h"

namespace vl::test {

/// A .npy file around any header text, padded as version 1, 2 or 3 asks.
inline std::string npyBytes(std::string header, const std::string& numbers, int version = 1) {
    const std::size_t fields = version == 1 ? 10 : 12;
    while ((fields + header.size() + 1) % 64 != 0)
        header += ' ';
    header += '\n';
    return "\x93NUMPY" + little(static_cast<std::uint64_t>(version), 2) + little(header.size(), version == 1 ? 2 : 4) +
           header + numbers;
}

inline std::string npyOf(const std::string& type, const std::string& shape, const std::string& numbers,
                         int version = 1) {
    return npyBytes("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }", numbers, version);
}

/// A member of an archive: unpacked size and sum are `plain`'s, what is stored is `packed`.
struct NpzPart {
    std::string name, plain, packed;
    int method = 0;
};
inline NpzPart storedPart(const std::string& name, const std::string& bytes) { return {name, bytes, bytes, 0}; }
/// Deflated without compressing: one final block of stored bytes (RFC 1951, 3.2.4).
inline NpzPart deflatedPart(const std::string& name, const std::string& bytes) {
    return {name, bytes, "\1" + little(bytes.size(), 2) + little(~bytes.size() & 0xffff, 2) + bytes, 8};
}

inline std::string npzBytes(const std::vector<NpzPart>& parts) {
    std::string out, directory;
    for (const NpzPart& part : parts) {
        const auto sum = crc32(std::as_bytes(std::span(part.plain)));
        const auto common = little(20, 2) + little(0, 2) + little(static_cast<std::uint64_t>(part.method), 2) +
                            little(0, 4) + little(sum, 4) + little(part.packed.size(), 4) +
                            little(part.plain.size(), 4) + little(part.name.size(), 2) + little(0, 2);
        directory += "PK\x01\x02" + little(20, 2) + common + little(0, 10) + little(out.size(), 4) + part.name;
        out += "PK\x03\x04" + common + part.name + part.packed;
    }
    const auto begin = out.size();
    return out + directory + "PK\x05\x06" + little(0, 4) + little(parts.size(), 2) + little(parts.size(), 2) +
           little(directory.size(), 4) + little(begin, 4) + little(0, 2);
}

}  // namespace vl::test
