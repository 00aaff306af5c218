// SPDX-License-Identifier: Apache-2.0
// The 8-bit formats are those of the OCP specification (8-bit floating point, revision 1.0).
#include "engine/io/number_formats.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_map>

namespace vl {
namespace {

template <typename T>
void plain(const std::byte* data, std::size_t count, double* out) {
    for (std::size_t i = 0; i < count; ++i) {
        T value;
        std::memcpy(&value, data + i * sizeof(T), sizeof(T));
        out[i] = static_cast<double>(value);
    }
}

void booleans(const std::byte* data, std::size_t count, double* out) {
    for (std::size_t i = 0; i < count; ++i)
        out[i] = data[i] == std::byte{0} ? 0 : 1;
}

void halves(const std::byte* data, std::size_t count, double* out) {
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t bits;
        std::memcpy(&bits, data + 2 * i, 2);
        out[i] = static_cast<double>(halfToFloat(bits));
    }
}

void brainHalves(const std::byte* data, std::size_t count, double* out) {
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t bits;
        std::memcpy(&bits, data + 2 * i, 2);
        out[i] = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
    }
}

/// Four exponent bits, three of mantissa, no infinity: only all ones is no number.
double e4m3(std::uint8_t bits) {
    const int exponent = (bits >> 3) & 15, mantissa = bits & 7;
    if ((bits & 127) == 127) return std::numeric_limits<double>::quiet_NaN();
    const double size = exponent == 0 ? std::ldexp(mantissa, -9) : std::ldexp(8 + mantissa, exponent - 10);
    return bits & 128 ? -size : size;
}

double e5m2(std::uint8_t bits) { return static_cast<double>(halfToFloat(static_cast<std::uint16_t>(bits << 8))); }

double e8m0(std::uint8_t bits) {
    return bits == 255 ? std::numeric_limits<double>::quiet_NaN() : std::ldexp(1, bits - 127);
}

template <double (*Value)(std::uint8_t)>
void bytes(const std::byte* data, std::size_t count, double* out) {
    static const auto values = [] {
        std::array<double, 256> all;
        for (int i = 0; i < 256; ++i)
            all[static_cast<std::size_t>(i)] = Value(static_cast<std::uint8_t>(i));
        return all;
    }();
    for (std::size_t i = 0; i < count; ++i)
        out[i] = values[std::to_integer<std::size_t>(data[i])];
}

}  // namespace

float halfToFloat(std::uint16_t bits) {
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16, exponent = (bits >> 10) & 31,
                        mantissa = bits & 1023;
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000 | (mantissa << 13));
    if (exponent == 0) {
        const float size = std::ldexp(static_cast<float>(mantissa), -24);
        return sign ? -size : size;
    }
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

NumberFormat numberFormat(std::string_view dtype) {
    static const std::unordered_map<std::string_view, NumberFormat> formats{{"F64", {plain<double>, 8, true}},
                                                                            {"F32", {plain<float>, 4, true}},
                                                                            {"F16", {halves, 2, true}},
                                                                            {"BF16", {brainHalves, 2, true}},
                                                                            {"F8_E4M3", {bytes<e4m3>, 1, true}},
                                                                            {"F8_E5M2", {bytes<e5m2>, 1, true}},
                                                                            {"F8_E8M0", {bytes<e8m0>, 1, true}},
                                                                            {"I64", {plain<std::int64_t>, 8, false}},
                                                                            {"I32", {plain<std::int32_t>, 4, false}},
                                                                            {"I16", {plain<std::int16_t>, 2, false}},
                                                                            {"I8", {plain<std::int8_t>, 1, false}},
                                                                            {"U64", {plain<std::uint64_t>, 8, false}},
                                                                            {"U32", {plain<std::uint32_t>, 4, false}},
                                                                            {"U16", {plain<std::uint16_t>, 2, false}},
                                                                            {"U8", {plain<std::uint8_t>, 1, false}},
                                                                            {"BOOL", {booleans, 1, false}},
                                                                            {"C64", {plain<float>, 4, true}},
                                                                            {"C128", {plain<double>, 8, true}}};
    const auto found = formats.find(dtype);
    return found == formats.end() ? NumberFormat{} : found->second;
}

}  // namespace vl
