// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vl {

/// CRC-32 of zip and PNG (IEEE 802.3, reflected), eight bytes at a time. `before`: the sum of what comes in front.
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace vl
