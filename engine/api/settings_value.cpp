// SPDX-License-Identifier: Apache-2.0
// Single values: finding, checking, reading from and writing as text.
#include <algorithm>
#include <cmath>

#include "engine/api/settings_text.h"
#include "engine/core/error.h"
#include "engine/core/nearest_name.h"
#include "engine/core/text.h"

namespace vl {
namespace {

using Nodes = std::vector<ScheduleNode>;

Error usage(const SettingField& field, const std::string& what, std::string hint = {}) {
    return {ErrorCode::Usage, std::string(field.key) + " " + what + ".", std::move(hint)};
}

const SettingValue& exampleOf(const SettingField& field) {
    thread_local SettingValue value;
    static const RunSettings defaults;
    return value = field.get(defaults);
}

const char* typeName(const SettingValue& value) {
    constexpr const char* names[] = {"true or false", "a whole number", "a number", "text", "a list of points"};
    return names[value.index()];
}

void checkRange(const SettingField& field, double value) {
    if (value >= field.min && value <= field.max) return;  // written so that NaN fails
    throw usage(field, "must lie between " + formatNumber(field.min) + " and " + formatNumber(field.max) + ", not " + formatNumber(value),
                std::string(field.help));
}

void checkText(const SettingField& field, const std::string& text) {
    const bool control = std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (control || !isUtf8(text) || text.size() > 4096)
        throw usage(field, "must be one line of UTF-8 text", "Remove the unprintable characters.");
    if (field.choices.empty() || std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end()) return;
    throw usage(field, "cannot be \"" + printable(text) + "\"", "Choose one of: " + joined(field.choices, ", ") + ".");
}

void checkNodes(const SettingField& field, const Nodes& nodes) {
    if (nodes.size() > 10000) throw usage(field, "has more than 10,000 points");
    for (const auto& node : nodes) {
        checkRange(field, node.value);
        if (!(node.epoch >= 0 && node.epoch <= 1e6)) throw usage(field, "has a point at epoch " + formatNumber(node.epoch));
    }
}

bool readBool(const SettingField& field, std::string_view text) {
    for (const auto yes : {"true", "on", "yes", "1"})
        if (text == yes) return true;
    for (const auto no : {"false", "off", "no", "0"})
        if (text == no) return false;
    throw usage(field, "needs true or false, not \"" + printable(text) + "\"");
}

SettingValue readValue(const SettingField& field, std::string_view text) {
    const auto& example = exampleOf(field);
    if (std::holds_alternative<std::string>(example)) return std::string(text);
    text = trimmed(text);
    if (std::holds_alternative<bool>(example)) return readBool(field, text);
    if (std::holds_alternative<Nodes>(example)) return detail::nodesFromText(text);
    if (std::holds_alternative<std::int64_t>(example))
        if (const auto whole = parseInteger(text)) return *whole;
    if (const auto number = parseNumber(text)) return *number;
    throw usage(field, std::string("needs ") + typeName(example) + ", not \"" + printable(text) + "\"", std::string(field.help));
}

}  // namespace

namespace detail {

SettingValue checkedValue(const SettingField& field, const SettingValue& value) {
    const auto& example = exampleOf(field);
    SettingValue result = value;
    if (std::holds_alternative<double>(example) && std::holds_alternative<std::int64_t>(value))
        result = static_cast<double>(std::get<std::int64_t>(value));
    if (result.index() != example.index())
        throw usage(field, std::string("needs ") + typeName(example) + ", not " + typeName(value), std::string(field.help));

    if (const auto* whole = std::get_if<std::int64_t>(&result)) checkRange(field, static_cast<double>(*whole));
    if (const auto* number = std::get_if<double>(&result)) checkRange(field, *number);
    if (const auto* text = std::get_if<std::string>(&result)) checkText(field, *text);
    if (const auto* nodes = std::get_if<Nodes>(&result)) checkNodes(field, *nodes);
    return result;
}

const SettingField& fieldOf(std::string_view key, std::string_view where) {
    std::vector<std::string_view> known;
    for (const auto& field : settingFields()) {
        if (field.key == key) return field;
        known.push_back(field.key);
    }
    throw Error(ErrorCode::Usage, std::string(where) + "there is no setting \"" + printable(key) + "\".", didYouMean(key, known));
}

std::string tomlText(const SettingValue& value) {
    struct Writer {
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t whole) const { return std::to_string(whole); }
        std::string operator()(double number) const {
            auto text = formatNumber(number);
            if (text.find_first_of(".en") == std::string::npos) text += ".0";
            return text;
        }
        std::string operator()(const std::string& text) const {
            std::string quoted = "\"";
            for (const char c : text) {
                if (c == '"' || c == '\\') quoted += '\\';
                quoted += c;
            }
            quoted += '"';
            return quoted;
        }
        std::string operator()(const Nodes& nodes) const {
            std::string list = "[";
            for (const auto& node : nodes) {
                if (list.size() > 1) list += ", ";
                list += "{epoch = " + (*this)(node.epoch) + ", value = " + (*this)(node.value);
                list += ", linear = " + (*this)(node.linear) + "}";
            }
            list += ']';
            return list;
        }
    };
    return std::visit(Writer{}, value);
}

}  // namespace detail

const SettingField& findSetting(std::string_view key) { return detail::fieldOf(key, ""); }

void applySetting(RunSettings& settings, std::string_view key, const SettingValue& value) {
    const auto& field = findSetting(key);
    field.set(settings, detail::checkedValue(field, value));
}

void applySetting(RunSettings& settings, std::string_view key, std::string_view text) {
    const auto& field = findSetting(key);
    field.set(settings, detail::checkedValue(field, readValue(field, text)));
}

std::string settingText(const RunSettings& settings, std::string_view key) {
    const auto value = findSetting(key).get(settings);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<double>(&value)) return formatNumber(*number);
    return detail::tomlText(value);
}

}  // namespace vl
