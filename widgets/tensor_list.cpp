// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor_list.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace vl {
namespace {

std::string typesOf(const CheckpointReport& report) {
    std::set<std::string> all;
    for (const TensorRow& row : report.tensors)
        all.insert(row.dtype);
    if (all.size() > 2) return std::to_string(all.size()) + " types";
    std::string text;
    for (const std::string& type : all)
        text += (text.empty() ? "" : " and ") + type;
    return text;
}

/// What cannot be loaded, what can with a remedy, what is of no use.
void collectDiffering(TensorList& list) {
    const auto rank = [&](int item) {
        const TensorItem& line = list.items[static_cast<std::size_t>(item)];
        if (line.fit == TensorFit::Unexpected) return 2;
        const ShapeDifference* difference = list.difference(item);
        return difference && !difference->remedy.empty() ? 1 : 0;
    };
    for (int i = 0; i < static_cast<int>(list.items.size()); ++i) {
        const TensorFit fit = list.items[static_cast<std::size_t>(i)].fit;
        if (fit != TensorFit::Fits && fit != TensorFit::Beside) list.differing.push_back(i);
    }
    std::stable_sort(list.differing.begin(), list.differing.end(), [&](int a, int b) { return rank(a) < rank(b); });
}

void count(TensorList& list, int index) {
    TensorItem& item = list.items[static_cast<std::size_t>(index)];
    list.fits += item.fit == TensorFit::Fits;
    list.different += item.fit == TensorFit::Different;
    list.unexpected += item.fit == TensorFit::Unexpected;
    list.missing += item.fit == TensorFit::Missing;
    list.notFinite += list.isNotFinite(index);
}

}  // namespace

const TensorRow* TensorList::row(int item) const {
    const int tensor = items[static_cast<std::size_t>(item)].tensor;
    return tensor < 0 ? nullptr : &report->tensors[static_cast<std::size_t>(tensor)];
}

const ShapeDifference* TensorList::difference(int item) const {
    const int index = items[static_cast<std::size_t>(item)].difference;
    return index < 0 ? nullptr : &report->recognition.differences[static_cast<std::size_t>(index)];
}

const TensorStatistics* TensorList::statistics(int item) const {
    const TensorRow* tensor = row(item);
    return tensor && tensor->statistics ? &*tensor->statistics : nullptr;
}

bool TensorList::isNotFinite(int item) const {
    const TensorStatistics* values = statistics(item);
    return values && (values->nan > 0 || values->infinite > 0);
}

std::shared_ptr<const TensorList> listTensors(std::shared_ptr<const CheckpointReport> report) {
    auto list = std::make_shared<TensorList>();
    list->report = std::move(report);
    const CheckpointReport& r = *list->report;
    const Recognition& recognition = r.recognition;
    std::string_view prefix;
    TensorRole role = TensorRole::Weights;
    for (const WeightSet& set : r.weights) {
        if (!set.chosen) continue;
        prefix = set.prefix;
        if (set.averaged) role = TensorRole::Averaged;
        list->chosenElements = static_cast<std::int64_t>(set.elements);
    }
    std::unordered_map<std::string_view, int> differences;
    for (std::size_t i = 0; i < recognition.differences.size(); ++i)
        differences.emplace(recognition.differences[i].name, static_cast<int>(i));
    list->items.reserve(r.tensors.size() + recognition.missing.size());
    std::unordered_set<int> seen;
    for (std::size_t i = 0; i < r.tensors.size(); ++i) {
        const TensorRow& row = r.tensors[i];
        TensorItem item{static_cast<int>(i), -1, TensorFit::Beside, row.name, row.modelName};
        std::int64_t elements = 1;
        for (const std::int64_t side : row.shape)
            elements *= side;
        list->elements += elements;
        if (!row.modelName.empty()) {
            const auto found = differences.find(row.modelName);
            item.fit = found == differences.end() ? TensorFit::Fits : TensorFit::Different;
            if (found != differences.end()) {
                item.difference = found->second;
                seen.insert(found->second);
            }
        } else if (recognition.known && row.role == role && row.name.starts_with(prefix)) {
            item.fit = TensorFit::Unexpected;
        }
        list->items.push_back(std::move(item));
    }
    for (const std::string& name : recognition.missing)
        list->items.push_back({-1, -1, TensorFit::Missing, name, name});
    // What the file lacks and loading can make up for is a difference without a tensor.
    for (std::size_t i = 0; i < recognition.differences.size(); ++i)
        if (!seen.contains(static_cast<int>(i)))
            list->items.push_back({-1, static_cast<int>(i), TensorFit::Missing, recognition.differences[i].name,
                                   recognition.differences[i].name});
    for (int i = 0; i < static_cast<int>(list->items.size()); ++i)
        count(*list, i);
    collectDiffering(*list);
    list->types = QString::fromStdString(typesOf(r));
    return list;
}

}  // namespace vl
