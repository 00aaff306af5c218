// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <string_view>

#include <QStringList>

#include "widgets/tensor_list.h"

namespace vl {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Numbers inside names count as numbers.
int compareNames(std::string_view a, std::string_view b) {
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            while (i < a.size() && a[i] == '0') ++i;
            while (j < b.size() && b[j] == '0') ++j;
            const std::size_t startA = i, startB = j;
            while (i < a.size() && isDigit(a[i])) ++i;
            while (j < b.size() && isDigit(b[j])) ++j;
            if (i - startA != j - startB) return i - startA < j - startB ? -1 : 1;
            if (const int order = a.substr(startA, i - startA).compare(b.substr(startB, j - startB))) return order;
            continue;
        }
        if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]) ? -1 : 1;
        ++i;
        ++j;
    }
    return static_cast<int>(i < a.size()) - static_cast<int>(j < b.size());
}

/// What a numeric column sorts by; NaN: nothing.
double numberOf(const TensorList& list, int item, TensorColumn column) {
    const TensorRow* row = list.row(item);
    if (column == TensorColumn::Check) {
        // Trouble first when descending.
        static constexpr double rank[] = {0, 1, 3, 2, 4};
        return list.isNotFinite(item) ? 5 : rank[static_cast<int>(list.items[static_cast<std::size_t>(item)].fit)];
    }
    if (!row) return kNone;
    if (column == TensorColumn::Size) return static_cast<double>(row->bytes);
    if (column == TensorColumn::Shape) {
        double elements = 1;
        for (const std::int64_t side : row->shape)
            elements *= static_cast<double>(side);
        return elements;
    }
    const TensorStatistics* values = list.statistics(item);
    if (!values || values->histogram.empty()) return kNone;
    if (column == TensorColumn::Mean) return values->mean;
    if (column == TensorColumn::Std) return values->std;
    return values->max - values->min;
}

std::string_view textOf(const TensorList& list, int item, TensorColumn column) {
    const TensorItem& line = list.items[static_cast<std::size_t>(item)];
    if (column == TensorColumn::Name) return line.name;
    if (column == TensorColumn::ModelName) return line.modelName;
    const TensorRow* row = list.row(item);
    return row ? std::string_view(row->dtype) : std::string_view();
}

bool shown(const TensorList& list, int item, TensorOnly only) {
    const TensorFit fit = list.items[static_cast<std::size_t>(item)].fit;
    switch (only) {
        case TensorOnly::All: return true;
        case TensorOnly::NotFinite: return list.isNotFinite(item);
        case TensorOnly::Missing: return fit == TensorFit::Missing;
        case TensorOnly::Different: return fit == TensorFit::Different || fit == TensorFit::Unexpected;
    }
    return true;
}

bool contains(std::string_view text, const std::string& word) {
    return std::search(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
               return std::tolower(static_cast<unsigned char>(a)) == b;
           }) != text.end();
}

bool matches(const TensorList& list, int item, const std::vector<std::string>& words) {
    if (words.empty()) return true;
    const TensorItem& line = list.items[static_cast<std::size_t>(item)];
    std::string all = line.name + ' ' + line.modelName;
    if (const TensorRow* row = list.row(item)) all += ' ' + row->dtype + ' ' + shapeText(row->shape).toStdString();
    return std::all_of(words.begin(), words.end(), [&](const std::string& word) { return contains(all, word); });
}

void sortByNumber(const TensorList& list, TensorColumn column, bool descending, std::vector<int>& order) {
    std::vector<double> keys(list.items.size());
    for (const int item : order)
        keys[static_cast<std::size_t>(item)] = numberOf(list, item, column);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        const double x = keys[static_cast<std::size_t>(a)], y = keys[static_cast<std::size_t>(b)];
        if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
        return descending ? x > y : x < y;
    });
}

void sortByText(const TensorList& list, TensorColumn column, bool descending, std::vector<int>& order) {
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        const std::string_view x = textOf(list, a, column), y = textOf(list, b, column);
        if (x.empty() || y.empty()) return !x.empty() && y.empty();
        const int by = compareNames(x, y);
        return descending ? by > 0 : by < 0;
    });
}

}  // namespace

std::vector<int> arrange(const TensorList& list, const TensorQuery& query) {
    std::vector<std::string> words;
    for (const QString& word : query.text.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts))
        words.push_back(word.toStdString());
    std::vector<int> order;
    for (int item = 0; item < static_cast<int>(list.items.size()); ++item)
        if (shown(list, item, query.only) && matches(list, item, words)) order.push_back(item);
    if (query.column < 0) return order;
    const auto column = static_cast<TensorColumn>(query.column);
    const bool text = column == TensorColumn::Name || column == TensorColumn::ModelName || column == TensorColumn::Type;
    if (text)
        sortByText(list, column, query.descending, order);
    else
        sortByNumber(list, column, query.descending, order);
    return order;
}

}  // namespace vl
