// SPDX-License-Identifier: Apache-2.0
#include "app/cli/deviation_groups.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "app/cli/console.h"
#include "engine/core/text.h"

namespace vl::cli {
namespace {

bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// "blocks.3.attn" -> {"blocks.", ".attn"} and {3}. Digits behind a letter belong to a name: "norm1", "c_fc2".
struct Numbered {
    std::vector<std::string> texts{""};
    std::vector<long> numbers;
};

Numbered takeApart(const std::string& quantity) {
    Numbered parts;
    for (std::size_t at = 0; at < quantity.size();) {
        const bool starts = isDigit(quantity[at]) && (at == 0 || quantity[at - 1] == '.' || quantity[at - 1] == ' ');
        std::size_t end = at + 1;
        while (starts && end < quantity.size() && isDigit(quantity[end]))
            ++end;
        const bool whole = starts && (end == quantity.size() || quantity[end] == '.' || quantity[end] == ' ');
        if (whole) {
            parts.numbers.push_back(std::strtol(quantity.c_str() + at, nullptr, 10));
            parts.texts.emplace_back();
        } else {
            parts.texts.back() += quantity.substr(at, end - at);
        }
        at = end;
    }
    return parts;
}

struct Group {
    Deviation worst;
    std::vector<std::string> texts;
    std::vector<std::pair<long, long>> ranges;
};

/// How many tolerances a row is off; an exact quantity counts differing entries.
double severity(const Deviation& row) { return row.tolerance > 0 ? row.worst / row.tolerance : row.worst; }

void widen(Group& group, const Numbered& parts, const Deviation& row) {
    for (std::size_t i = 0; i < parts.numbers.size(); ++i) {
        group.ranges[i].first = std::min(group.ranges[i].first, parts.numbers[i]);
        group.ranges[i].second = std::max(group.ranges[i].second, parts.numbers[i]);
    }
    if (severity(row) > severity(group.worst)) group.worst = row;
}

std::string nameOf(const Group& group) {
    std::string name = group.texts[0];
    for (std::size_t i = 0; i < group.ranges.size(); ++i) {
        const auto [low, high] = group.ranges[i];
        name += std::to_string(low) + (low == high ? "" : "-" + std::to_string(high)) + group.texts[i + 1];
    }
    return name;
}

std::string shortNumber(double value) {
    if (!std::isfinite(value)) return "-";
    if (value == 0) return "0";
    char text[32];
    std::snprintf(text, sizeof text, "%.1e", value);
    return text;
}

}  // namespace

std::vector<Deviation> grouped(const std::vector<Deviation>& rows) {
    std::vector<Group> groups;
    std::map<std::vector<std::string>, std::size_t> places;
    for (const Deviation& row : rows) {
        const Numbered parts = takeApart(row.quantity);
        const auto [place, isNew] = places.emplace(parts.texts, groups.size());
        if (isNew) {
            Group group{row, parts.texts, {}};
            for (const long number : parts.numbers)
                group.ranges.emplace_back(number, number);
            groups.push_back(std::move(group));
        } else {
            widen(groups[place->second], parts, row);
        }
    }
    std::vector<Deviation> result;
    for (const Group& group : groups) {
        Deviation row = group.worst;
        row.quantity = nameOf(group);
        if (row.quantity != group.worst.quantity && !row.passed())
            row.note = group.worst.quantity + (row.note.empty() ? "" : ": " + row.note);
        result.push_back(std::move(row));
    }
    return result;
}

std::string deviationTable(const std::vector<Deviation>& rows) {
    std::vector<std::vector<std::string>> cells = {{"quantity", "worst", "tolerance", "", "note"}};
    for (const Deviation& row : rows)
        cells.push_back({printable(row.quantity, 100), shortNumber(row.worst), shortNumber(row.tolerance),
                         row.passed() ? "pass" : "miss", row.passed() ? "" : printable(row.note, 120)});
    if (std::all_of(cells.begin() + 1, cells.end(), [](const auto& row) { return row.back().empty(); }))
        for (auto& row : cells)
            row.pop_back();
    return table(cells);
}

}  // namespace vl::cli
