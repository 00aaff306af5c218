// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vl {

/// Shortest text that reads back to the same double, with a point whatever the locale; "nan", "inf", "-inf".
std::string formatNumber(double value);
/// Fixed number of digits after the point, in the C locale.
std::string formatFixed(double value, int digits);
/// The whole text as a number in the C locale, surrounding blanks allowed; nullopt for anything else.
std::optional<double> parseNumber(std::string_view text);
std::optional<std::int64_t> parseInteger(std::string_view text);
/// 1234567 -> "1,234,567".
std::string thousands(std::int64_t value);
std::string_view trimmed(std::string_view text);
/// The parts between separators, blanks round them taken off; empty parts stay.
std::vector<std::string> splitText(std::string_view text, char separator);
std::string joined(std::span<const std::string_view> parts, std::string_view separator);
/// Text for a message: control bytes become '?', long text is cut to `maxBytes` with "...".
std::string printable(std::string_view text, std::size_t maxBytes = 80);
bool isUtf8(std::string_view text);

}  // namespace vl
