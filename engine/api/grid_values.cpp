// SPDX-License-Identifier: Apache-2.0
#include "engine/api/grid_values.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "engine/core/error.h"
#include "engine/core/nearest_name.h"
#include "engine/core/text.h"

namespace vl::detail {
namespace {

bool sameText(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

/// -1: none has that name.
int indexOfName(std::string_view typed, const std::vector<std::string>& classNames) {
    for (std::size_t i = 0; i < classNames.size(); ++i)
        if (sameText(typed, classNames[i])) return static_cast<int>(i);
    return -1;
}

bool countsWhole(Vary vary) { return vary == Vary::Class || vary == Vary::Seed || vary == Vary::Steps; }

/// "a-b" or "a-b:n" as single values; empty when the text is no range.
std::vector<std::string> range(std::string_view text, Vary vary) {
    const std::size_t dash = text.find('-', 1);
    if (dash == std::string_view::npos || vary == Vary::Sampler) return {};
    const std::size_t colon = text.find(':', dash);
    const auto low = parseNumber(text.substr(0, dash));
    const auto high = parseNumber(text.substr(dash + 1, colon == std::string_view::npos ? colon : colon - dash - 1));
    if (!low || !high) return {};
    const auto refuse = [&](const char* why) {
        throw Error(ErrorCode::Usage, "The range '" + printable(text) + "' " + why + ".",
                    "Write 0-9, or 0-1:5 for five values from 0 to 1.");
    };
    if (colon == std::string_view::npos && !countsWhole(vary)) refuse("does not say how many values it has");
    const std::optional<std::int64_t> parts =
        colon == std::string_view::npos ? std::optional<std::int64_t>{} : parseInteger(text.substr(colon + 1));
    if (colon != std::string_view::npos && (!parts || *parts < 2)) refuse("needs a count of at least 2 after the colon");
    const double count = parts ? static_cast<double>(*parts) : std::abs(*high - *low) + 1;
    if (!(count <= kMostCells)) refuse("is too long");
    std::vector<std::string> values;
    for (int i = 0; i < static_cast<int>(count); ++i) {
        const double value = *low + (*high - *low) * i / std::max(count - 1, 1.0);
        values.push_back(formatNumber(countsWhole(vary) ? std::round(value) : value));
    }
    return values;
}

std::vector<std::string> pieces(std::string_view text, std::string_view separators) {
    std::vector<std::string> found;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of(separators);
        const std::string_view piece = trimmed(text.substr(0, end));
        if (!piece.empty()) found.emplace_back(piece);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return found;
}

}  // namespace

int classNamed(std::string_view typed, const ModelSpec& spec, const std::vector<std::string>& classNames) {
    const std::string_view text = trimmed(typed);
    if (const int named = indexOfName(text, classNames); named >= 0 && named < spec.numClasses) return named;
    if (sameText(text, "none")) return spec.numClasses;
    if (const auto number = parseInteger(text)) {
        if (*number >= 0 && *number <= spec.numClasses) return static_cast<int>(*number);
        throw Error(ErrorCode::Usage,
                    "Class " + std::to_string(*number) + " is outside the model's 0 to " +
                        std::to_string(spec.numClasses - 1) + ".",
                    "The number after the last one, or none, asks for no class.");
    }
    const std::vector<std::string_view> names(classNames.begin(), classNames.end());
    const std::string near = didYouMean(text, names);
    throw Error(ErrorCode::Usage, "The model has no class '" + printable(text) + "'.",
                near.empty() ? "Use a number from 0 to " + std::to_string(spec.numClasses - 1) + "." : near);
}

std::string classLabel(int label, const ModelSpec& spec, const std::vector<std::string>& classNames) {
    if (label == spec.numClasses) return "no class";
    const auto index = static_cast<std::size_t>(label);
    return index < classNames.size() && !classNames[index].empty() ? classNames[index]
                                                                   : "class " + std::to_string(label);
}

std::vector<std::string> singleValues(const std::vector<std::string>& typed, Vary vary,
                                      const std::vector<std::string>& classNames) {
    std::vector<std::string> values;
    const auto add = [&](auto&& self, std::string_view text, int depth) -> void {
        text = trimmed(text);
        if (text.empty()) return;
        if (vary == Vary::Class && indexOfName(text, classNames) >= 0) return values.emplace_back(text), void();
        if (const auto counted = range(text, vary); !counted.empty()) {
            values.insert(values.end(), counted.begin(), counted.end());
            return;
        }
        // Commas first: names of classes may hold blanks.
        const auto parts = depth > 1 ? std::vector<std::string>{} : pieces(text, depth == 0 ? ",;" : " \t\n");
        if (parts.size() < 2 && depth > 0) return values.emplace_back(text), void();
        for (const std::string& part : parts)
            self(self, part, depth + 1);
    };
    for (const std::string& text : typed)
        add(add, text, 0);
    if (values.size() > static_cast<std::size_t>(kMostCells))
        throw Error(ErrorCode::Usage, "The grid has more than " + thousands(kMostCells) + " values along one side.",
                    "Ask for fewer.");
    return values;
}

}  // namespace vl::detail
