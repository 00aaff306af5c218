// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <QString>

#include "engine/api/checkpoint_report.h"

namespace vl {

/// How a tensor of a file stands to the model's.
enum class TensorFit {
    Beside,      ///< belongs to no recognised model, to another set of weights or to the training
    Fits,
    Different,   ///< another shape than the model's
    Unexpected,  ///< in the chosen set, and the model has no use for it
    Missing,     ///< the model's; the file has none
};

/// One line: a tensor of the file, or one that the model has and the file has not.
struct TensorItem {
    int tensor = -1;       ///< index into the report's tensors, -1: not in the file
    int difference = -1;   ///< index into the recognition's differences, -1: none
    TensorFit fit = TensorFit::Beside;
    std::string name;      ///< in the file, or the model's when the file has none
    std::string modelName; ///< empty: the model has none
};

/// A report as lines, with what the view counts. Made on a worker thread: linear in the tensors, no limit on them.
struct TensorList {
    std::shared_ptr<const CheckpointReport> report;
    std::vector<TensorItem> items;  ///< tensors in the order of the file, then what is missing
    std::int64_t elements = 0, chosenElements = 0;
    std::int64_t fits = 0, different = 0, unexpected = 0, missing = 0;
    std::int64_t notFinite = 0;     ///< tensors with NaN or infinite values
    std::vector<int> differing;     ///< items that do not fit, what cannot be loaded first
    QString types;                  ///< "F32", "F32 and I64", "4 types"

    const TensorRow* row(int item) const;
    const ShapeDifference* difference(int item) const;
    const TensorStatistics* statistics(int item) const;  ///< null: not read yet
    bool isNotFinite(int item) const;
};
std::shared_ptr<const TensorList> listTensors(std::shared_ptr<const CheckpointReport> report);

enum class TensorColumn { Name, ModelName, Shape, Type, Size, Mean, Std, Values, Check, Count };
enum class TensorOnly { All, NotFinite, Missing, Different };

struct TensorQuery {
    QString text;        ///< words that must all occur in name, model's name, shape or type
    TensorOnly only = TensorOnly::All;
    int column = -1;     ///< sorted by this TensorColumn; -1: the file's order
    bool descending = false;
    bool operator==(const TensorQuery&) const = default;
};
/// Indices of the items that are to be shown, in order. Numbers sort as numbers ("blocks.2" before "blocks.10"); what
/// has no value comes last either way.
std::vector<int> arrange(const TensorList& list, const TensorQuery& query);

// -- words and numbers
QString shapeText(const std::vector<std::int64_t>& shape);  ///< "768 × 3 × 16 × 16", "scalar"
QString bytesText(std::uint64_t bytes);                     ///< "512 B", "1.50 MB"; 1000 bytes are a kB
QString countText(std::int64_t count);                      ///< "24.8 M", "9,830"
QString valueText(double value);                            ///< about four significant digits, at most eight characters; an en dash when not finite
/// "fits", "3 NaN, 1 infinite", "missing", "other shape" ...
QString checkText(const TensorList& list, int item);
QString cellText(const TensorList& list, int item, TensorColumn column);
QString columnTitle(TensorColumn column);
/// Lines with a heading, full precision, one item each; cells apart by `separator` (a comma quotes where needed).
QString tensorsAsText(const TensorList& list, const std::vector<int>& items, QChar separator);

}  // namespace vl
