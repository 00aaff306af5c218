// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vl {

/// Values of one stored type as doubles: `count` numbers from `data`, which need not be aligned.
using NumberDecoder = void (*)(const std::byte* data, std::size_t count, double* out);

struct NumberFormat {
    NumberDecoder decode = nullptr;  ///< nullptr: a type this program does not know
    std::size_t bytes = 0;           ///< of one number
    bool floating = false;
};

/// Of a safetensors type name ("F32", "BF16", "F8_E4M3" ...) and "C128". Complex elements are two numbers each.
NumberFormat numberFormat(std::string_view dtype);

/// IEEE binary16.
float halfToFloat(std::uint16_t bits);

}  // namespace vl
