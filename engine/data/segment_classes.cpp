// SPDX-License-Identifier: Apache-2.0
#include "engine/data/segment_classes.h"

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostClasses = 255;  // 255 itself marks pixels without a class

std::vector<std::string> linesOf(const fs::path& file) {
    const std::string text = readTextFile(file, 1u << 20);
    if (!isUtf8(text) || text.find('\0') != std::string::npos)
        throw Error(ErrorCode::BadFile, file.string() + " is no text file.", "Write one class name in each line.");
    std::vector<std::string> lines = splitText(text, '\n');
    while (!lines.empty() && trimmed(lines.back()).empty()) lines.pop_back();
    for (std::string& line : lines)
        if (line.ends_with('\r')) line.pop_back();
    return lines;
}

std::vector<std::string> checked(std::vector<std::string> names, const fs::path& file) {
    if (names.empty() || names.size() > kMostClasses)
        throw Error(ErrorCode::BadFile, file.string() + " names " + thousands(static_cast<std::int64_t>(names.size())) + " classes.",
                    "List 1 to 255 class names, one in each line.");
    return names;
}

/// "12: tree" without its number.
std::string withoutNumber(const std::string& line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || !parseInteger(line.substr(0, colon))) return std::string(trimmed(line));
    return std::string(trimmed(line.substr(colon + 1)));
}

}  // namespace

std::vector<std::string> readNameList(const fs::path& file) {
    std::vector<std::string> names;
    for (const std::string& line : linesOf(file)) names.push_back(printable(withoutNumber(line)));
    return checked(std::move(names), file);
}

std::vector<std::string> readObjectInfo(const fs::path& file) {
    std::vector<std::string> names;
    for (const std::string& line : linesOf(file)) {
        const std::vector<std::string> columns = splitText(line, '\t');
        if (names.empty() && !parseInteger(columns.front())) continue;  // the headline
        if (columns.size() < 2 || parseInteger(columns.front()) != static_cast<std::int64_t>(names.size()) + 1)
            throw Error(ErrorCode::BadFile, file.string() + " has a line that is no class: '" + printable(line) + "'.",
                        "Its columns are number, share, counts and name, with tabs between them.");
        names.push_back(printable(splitText(columns.back(), ',').front()));
    }
    return checked(std::move(names), file);
}

std::vector<Colour> readPalette(const fs::path& file) {
    std::vector<Colour> colours;
    for (const std::string& line : linesOf(file)) {
        Colour colour{};
        std::size_t parts = 0;
        bool sound = true;
        for (const std::string& word : splitText(line, ' ')) {
            if (word.empty()) continue;
            const auto value = parseInteger(word);
            sound = sound && value && *value >= 0 && *value <= 255 && parts < 3;
            if (sound) colour[parts++] = static_cast<std::uint8_t>(*value);
        }
        if (!sound || parts != 3)
            throw Error(ErrorCode::BadFile, file.string() + " has a line that is no colour: '" + printable(line) + "'.",
                        "Write red, green and blue as numbers from 0 to 255, one colour in each line.");
        colours.push_back(colour);
    }
    return colours;
}

ClassList withPalette(std::vector<std::string> names, const fs::path& folder) {
    const fs::path file = folder / "palette.txt";
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return classList(std::move(names));
    std::vector<Colour> colours = readPalette(file);
    if (colours.size() != names.size())
        throw Error(ErrorCode::Mismatch, file.string() + " has " + std::to_string(colours.size()) + " colours for " +
                                             std::to_string(names.size()) + " classes.",
                    "Give each class one line, or take the file away.");
    return {std::move(names), std::move(colours)};
}

Colour vocColour(int index) {
    Colour colour{};
    // Bits of the index go to the colours in turn, from their highest bit down.
    for (int bit = 7; bit >= 0; --bit, index >>= 3)
        for (int part = 0; part < 3; ++part)
            colour[static_cast<std::size_t>(part)] |= static_cast<std::uint8_t>((index >> part & 1) << bit);
    return colour;
}

bool cocoStuffSkips(int value) {
    for (const int unused : {11, 25, 28, 29, 44, 65, 67, 68, 70, 82, 90})
        if (value == unused) return true;
    return value > 181;
}

}  // namespace vl
