// SPDX-License-Identifier: Apache-2.0
// Whole settings as TOML; the only file that sees the TOML parser.
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "engine/api/settings_text.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"

namespace vl {
namespace {

using Nodes = std::vector<ScheduleNode>;

std::string place(std::string_view source, const toml::source_region& region) {
    return std::string(source) + ":" + std::to_string(region.begin.line) + ": ";
}

/// Outside strings and comments TOML is ASCII. The parser takes that for granted: such a letter, or a zero byte, sends
/// Debian's toml++ into undefined behaviour (found by fuzzing), so it never gets to see one.
void requireAsciiSyntax(std::string_view text, std::string_view source) {
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    std::size_t i = text.starts_with(byteOrderMark) ? byteOrderMark.size() : 0;
    std::int64_t line = 1;
    char quote = 0;      // the open string's quote character
    bool triple = false, comment = false;
    const auto refuse = [&](const char* what, const char* hint) {
        throw Error(ErrorCode::Usage, std::string(source) + ":" + std::to_string(line) + ": " + what, hint);
    };
    for (; i < text.size(); ++i) {
        const char c = text[i];
        const bool three = i + 2 < text.size() && text[i + 1] == c && text[i + 2] == c;
        if (c == '\n') ++line, comment = false;
        if (comment) continue;
        if (quote) {
            if (c == '\\' && quote == '"') ++i;
            else if (c == '\n' && !triple) quote = 0;  // an unclosed string: the parser says so
            else if (c == quote && (!triple || three)) i += triple ? 2 : 0, quote = 0;
        } else if (c == '#') {
            comment = true;
        } else if (c == '"' || c == '\'') {
            // A quote inside a bare word opens no string for the parser, which would go on to the letters behind it.
            if (i > 0 && std::string_view(" \t\r\n=[{,.\xBF").find(text[i - 1]) == std::string_view::npos)
                refuse("a quote stands inside a word.", "Put the whole text in double quotes.");
            quote = c, triple = three;
            // In a key three quotes are an empty text and the start of another, not a text over many lines.
            const std::size_t before = text.substr(0, i).find_last_not_of(" \t");
            if (triple && (before == std::string_view::npos || text[before] != '='))
                refuse("three quotes stand where no value does.", "Text over several lines may only follow an equals sign.");
            if (triple) i += 2;
        } else if (static_cast<unsigned char>(c) >= 0x80 || c == 0) {
            refuse("a character stands where only plain ASCII may.",
                   "Put text with accents or symbols in double quotes.");
        }
    }
}

toml::table parseToml(std::string_view text, std::string_view source) {
    if (!isUtf8(text)) throw Error(ErrorCode::Usage, std::string(source) + " is not UTF-8 text.", "Save it as UTF-8.");
    requireAsciiSyntax(text, source);
    try {
        return toml::parse(text, source);
    } catch (const toml::parse_error& problem) {
        throw Error(ErrorCode::Usage, place(source, problem.source()) + printable(problem.description(), 200) + ".",
                    "Correct that line; text values need double quotes.");
    }
}

double numberIn(const toml::table& table, std::string_view key, const std::string& where) {
    const auto* node = table.get(key);
    if (node && node->is_number()) return node->is_integer() ? static_cast<double>(**node->as_integer()) : **node->as_floating_point();
    throw Error(ErrorCode::Usage, where + "a point of soft_mask.nodes needs a number for " + std::string(key) + ".",
                "Write points as {epoch = 0, value = 1, linear = true}.");
}

Nodes nodesFromToml(const toml::array& list, std::string_view source) {
    Nodes nodes;
    for (const auto& element : list) {
        const auto where = place(source, element.source());
        const auto* table = element.as_table();
        const auto* linear = table ? table->get("linear") : nullptr;
        const std::size_t keys = linear ? 3 : 2;
        if (!table || table->size() != keys || (linear && !linear->is_boolean()))
            throw Error(ErrorCode::Usage, where + "soft_mask.nodes holds something that is not a point.",
                        "Write points as {epoch = 0, value = 1, linear = true}.");
        nodes.push_back({numberIn(*table, "epoch", where), numberIn(*table, "value", where),
                         linear ? **linear->as_boolean() : true});
    }
    return nodes;
}

SettingValue valueFromToml(const toml::node& node, std::string_view key, std::string_view source) {
    if (const auto* flag = node.as_boolean()) return **flag;
    if (const auto* whole = node.as_integer()) return std::int64_t{**whole};
    if (const auto* number = node.as_floating_point()) return **number;
    if (const auto* text = node.as_string()) return **text;
    if (const auto* list = node.as_array()) return nodesFromToml(*list, source);
    throw Error(ErrorCode::Usage, place(source, node.source()) + std::string(key) + " cannot be a date, time or table.",
                "Give it a number, text, true or false.");
}

bool isSection(std::string_view key) {
    for (const auto& field : settingFields())
        if (field.key.size() > key.size() && field.key.substr(0, key.size()) == key && field.key[key.size()] == '.') return true;
    return false;
}

void readTable(RunSettings& settings, const toml::table& table, const std::string& prefix, std::string_view source) {
    for (const auto& [name, node] : table) {
        const auto key = prefix + std::string(name.str());
        const auto* inner = node.as_table();
        if (inner && (isSection(key) || !inner->empty())) {
            readTable(settings, *inner, key + ".", source);
            continue;
        }
        const auto where = place(source, node.source());
        const auto& field = detail::fieldOf(key, where);
        const auto value = valueFromToml(node, key, source);
        try {
            field.set(settings, detail::checkedValue(field, value));
        } catch (const Error& problem) {
            throw Error(problem.code(), where + problem.message(), problem.hint());
        }
    }
}

std::string comment(const SettingField& field) {
    std::string line = "# " + std::string(field.help);
    if (!field.unit.empty()) line += " Unit: " + std::string(field.unit) + ".";
    if (!field.choices.empty()) line += " One of: " + joined(field.choices, ", ") + ".";
    return line;
}

}  // namespace

namespace detail {

std::vector<ScheduleNode> nodesFromText(std::string_view text) {
    const auto table = parseToml("nodes = " + std::string(text), "soft_mask.nodes");
    const auto* node = table.get("nodes");
    if (table.size() != 1 || !node || !node->is_array())
        throw Error(ErrorCode::Usage, "soft_mask.nodes needs a list of points.", "Write [{epoch = 0, value = 1}, {epoch = 2, value = 0}].");
    return nodesFromToml(*node->as_array(), "soft_mask.nodes");
}

}  // namespace detail

RunSettings parseSettings(std::string_view toml, std::string_view sourceName) {
    RunSettings settings;
    readTable(settings, parseToml(toml, sourceName), "", sourceName);
    return settings;
}

RunSettings loadSettings(const std::filesystem::path& file) {
    return parseSettings(readTextFile(file, 4u << 20), file.string());
}

std::string settingsToToml(const RunSettings& settings) {
    std::string text;
    std::string_view section;
    for (const auto& field : settingFields()) {
        const auto dot = field.key.find('.');
        const auto own = dot == std::string_view::npos ? std::string_view{} : field.key.substr(0, dot);
        const auto name = dot == std::string_view::npos ? field.key : field.key.substr(dot + 1);
        if (own != section) text += "\n[" + std::string(own) + "]\n";
        section = own;
        text += comment(field) + "\n" + std::string(name) + " = " + detail::tomlText(field.get(settings)) + "\n";
    }
    return text;
}

}  // namespace vl
