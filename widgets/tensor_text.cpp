// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "widgets/tensor_list.h"

namespace vl {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("TensorList", text); }

QString missingText(const TensorList& list, int item) {
    const ShapeDifference* difference = list.difference(item);
    return difference && !difference->remedy.empty() ? tr("made up") : tr("missing");
}

QString exact(double value) { return QString::number(value, 'g', 17); }

QString quoted(QString text, QChar separator) {
    if (separator != QLatin1Char(',')) return text.replace(separator, QLatin1Char(' ')).replace(QLatin1Char('\n'), QLatin1Char(' '));
    const auto special = [](QChar c) { return c == QLatin1Char(',') || c == QLatin1Char('"') || c == QLatin1Char('\n'); };
    if (std::none_of(text.begin(), text.end(), special)) return text;
    return QLatin1Char('"') + text.replace(QLatin1String("\""), QLatin1String("\"\"")) + QLatin1Char('"');
}

}  // namespace

QString shapeText(const std::vector<std::int64_t>& shape) {
    if (shape.empty()) return tr("scalar");
    QStringList sides;
    for (const std::int64_t side : shape)
        sides << QString::number(side);
    return sides.join(QStringLiteral(" × "));
}

QString bytesText(std::uint64_t bytes) {
    static const std::array<const char*, 5> units = {"B", "kB", "MB", "GB", "TB"};
    if (bytes < 1000) return QStringLiteral("%1 B").arg(bytes);
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return QStringLiteral("%1 %2").arg(QLocale().toString(value, 'f', decimals), QString::fromLatin1(units[unit]));
}

QString countText(std::int64_t count) {
    if (count < 100'000) return QLocale().toString(static_cast<qlonglong>(count));
    const bool giga = count >= 999'500'000;
    const double value = static_cast<double>(count) / (giga ? 1e9 : 1e6);
    return QStringLiteral("%1 %2").arg(QLocale().toString(value, 'f', value < 9.995 ? 2 : value < 99.95 ? 1 : 0),
                                       giga ? QStringLiteral("G") : QStringLiteral("M"));
}

QString valueText(double value) {
    if (!std::isfinite(value)) return QStringLiteral("–");
    if (value == 0) return QStringLiteral("0");
    const double size = std::abs(value);
    if (size < 1e-4 || size >= 1e6) return QLocale().toString(value, 'e', 1);
    const int decimals = size < 0.01 ? 5 : size < 1 ? 4 : size < 10 ? 3 : size < 100 ? 2 : 1;
    return QLocale().toString(value, 'f', decimals);
}

QString checkText(const TensorList& list, int item) {
    if (list.isNotFinite(item)) {
        const TensorStatistics* values = list.statistics(item);
        QStringList words;
        if (values->nan > 0) words << QStringLiteral("%1 NaN").arg(countText(values->nan));
        if (values->infinite > 0) words << QStringLiteral("%1 Inf").arg(countText(values->infinite));
        return words.join(QStringLiteral(", "));
    }
    switch (list.items[static_cast<std::size_t>(item)].fit) {
        case TensorFit::Fits: return tr("fits");
        case TensorFit::Different: return tr("other shape");
        case TensorFit::Unexpected: return tr("unexpected");
        case TensorFit::Missing: return missingText(list, item);
        case TensorFit::Beside: break;
    }
    const TensorRow* row = list.row(item);
    if (row && row->role == TensorRole::TrainingState) return tr("training");
    if (row && row->role == TensorRole::Averaged) return tr("averaged");
    return list.report->recognition.known ? tr("not used") : QString();
}

QString cellText(const TensorList& list, int item, TensorColumn column) {
    const TensorItem& line = list.items[static_cast<std::size_t>(item)];
    const TensorRow* row = list.row(item);
    const TensorStatistics* values = list.statistics(item);
    switch (column) {
        case TensorColumn::Name: return QString::fromStdString(line.name);
        case TensorColumn::ModelName: return QString::fromStdString(line.modelName);
        case TensorColumn::Shape:
            if (row) return shapeText(row->shape);
            return list.difference(item) ? shapeText(list.difference(item)->expected) : QString();
        case TensorColumn::Type: return row ? QString::fromStdString(row->dtype) : QString();
        case TensorColumn::Size: return row ? bytesText(row->bytes) : QString();
        case TensorColumn::Mean: return values && !values->histogram.empty() ? valueText(values->mean) : QString();
        case TensorColumn::Std: return values && !values->histogram.empty() ? valueText(values->std) : QString();
        case TensorColumn::Check: return checkText(list, item);
        case TensorColumn::Values:
        case TensorColumn::Count: break;
    }
    return {};
}

QString columnTitle(TensorColumn column) {
    static const std::array<const char*, 9> names = {"name", "in the model", "shape",  "type", "size",
                                                     "mean", "std",          "values", "check"};
    return tr(names[static_cast<std::size_t>(column)]);
}

QString tensorsAsText(const TensorList& list, const std::vector<int>& items, QChar separator) {
    QString text = QStringList{"name", "model_name", "role", "dtype", "shape", "bytes", "elements", "mean", "std", "min",
                               "max", "nan", "infinite", "zeros", "check"}
                       .join(separator) +
                   QLatin1Char('\n');
    for (const int item : items) {
        const TensorItem& line = list.items[static_cast<std::size_t>(item)];
        const TensorRow* row = list.row(item);
        const TensorStatistics* v = list.statistics(item);
        QStringList cells{QString::fromStdString(line.name), QString::fromStdString(line.modelName)};
        if (row)
            cells << QString::fromLatin1(toString(row->role)) << QString::fromStdString(row->dtype)
                  << shapeText(row->shape).replace(QStringLiteral(" × "), QStringLiteral("x")) << QString::number(row->bytes);
        else
            cells << QString() << QString() << QString() << QString();
        const bool finite = v && !v->histogram.empty();
        cells << (v ? QString::number(v->elements) : QString());
        for (const double value : {v ? v->mean : 0, v ? v->std : 0, v ? v->min : 0, v ? v->max : 0})
            cells << (finite ? exact(value) : QString());
        for (const std::int64_t n : {v ? v->nan : 0, v ? v->infinite : 0, v ? v->zeros : 0})
            cells << (v ? QString::number(n) : QString());
        cells << checkText(list, item);
        for (QString& cell : cells)
            cell = quoted(cell, separator);
        text += cells.join(separator) + QLatin1Char('\n');
    }
    return text;
}

}  // namespace vl
