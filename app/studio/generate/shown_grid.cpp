// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/generate/shown_grid.h"

#include <algorithm>

#include <QCoreApplication>

#include "widgets/number_field.h"

namespace vl {
namespace {

QString words(const char* text) { return QCoreApplication::translate("vl::ShownGrid", text); }

/// "48 steps" is a number and its unit; other names stay whole.
SampleGrid::Row splitLabel(const std::string& label) {
    const QString text = QString::fromStdString(label);
    const QStringList parts = text.split(QLatin1Char(' '));
    bool first = false, last = false;
    parts.value(0).toDouble(&first);
    parts.value(1).toDouble(&last);
    if (parts.size() == 2 && first) return {parts[0], parts[1]};
    if (parts.size() == 2 && last) return {parts[1], parts[0]};
    return {text, {}};
}

}  // namespace

int ShownGrid::stepsOf(int cell) const { return cell >= 0 && cell < cells() ? settings(cell).steps : 0; }

int ShownGrid::totalSteps() const {
    int most = 0;
    for (const CellSettings& cell : record.grid.cells)
        most = std::max(most, cell.steps);
    return most;
}

QString ShownGrid::className(int cell) const {
    const CellSettings& s = settings(cell);
    const auto name = [&](int label) {
        if (label >= 0 && label < std::ssize(classNames))
            return QString::fromStdString(classNames[static_cast<std::size_t>(label)]);
        if (!classNames.empty() && label == std::ssize(classNames)) return words("no class");
        return words("class %1").arg(label);
    };
    return s.labelTo && s.labelMix > 0 ? words("%1 to %2").arg(name(s.label), name(*s.labelTo)) : name(s.label);
}

std::vector<int> ShownGrid::expectedSteps() const {
    std::vector<int> steps;
    for (const auto& frame : frames)
        steps.push_back(frame->step);
    const int total = totalSteps(), every = std::max(1, previewEvery);
    if (!live) return steps;
    int next = steps.empty() ? 0 : (steps.back() / every + 1) * every;
    for (; next < total; next += every)
        steps.push_back(next);
    if (steps.empty() || steps.back() < total) steps.push_back(total);
    return steps;
}

std::vector<SampleGrid::Row> ShownGrid::rows() const {
    std::vector<SampleGrid::Row> rows;
    const bool seeds = record.recipe.newSeedEachRow;
    for (int row = 0; row < record.grid.rows; ++row) {
        SampleGrid::Row made;
        const auto at = static_cast<std::size_t>(row);
        if (at < record.grid.rowLabels.size()) made = splitLabel(record.grid.rowLabels[at]);
        const int cell = row * record.grid.columns;
        if (made.value.isEmpty() && cell < cells())
            made = seeds ? SampleGrid::Row{QString::number(settings(cell).seed), words("seed")}
                         : SampleGrid::Row{QString::number(settings(cell).steps), words("steps")};
        rows.push_back(made);
    }
    return rows;
}

QString ShownGrid::rowName(int row) const {
    const auto all = rows();
    return row < std::ssize(all) ? all[static_cast<std::size_t>(row)].value : QString();
}

std::vector<SampleGrid::Column> ShownGrid::columns() const {
    std::vector<SampleGrid::Column> columns;
    for (int column = 0; column < record.grid.columns && column < cells(); ++column) {
        SampleGrid::Column made;
        const auto at = static_cast<std::size_t>(column);
        if (at < record.grid.columnLabels.size()) made.name = QString::fromStdString(record.grid.columnLabels[at]);
        const bool saysSeed = record.recipe.columns == Vary::Seed || record.recipe.columns == Vary::SeedMix;
        if (made.name.isEmpty()) made.name = className(column);
        const bool oneSeed = record.recipe.rows != Vary::Seed && !record.recipe.newSeedEachRow;
        if (!saysSeed && oneSeed) made.note = words("seed %1").arg(settings(column).seed);
        columns.push_back(made);
    }
    return columns;
}

QImage frameImage(const std::shared_ptr<const SampleFrame>& frame, int cell, bool clean) {
    if (!frame || cell < 0) return {};
    const auto& images = clean && !frame->clean.empty() ? frame->clean : frame->noisy;
    if (cell >= std::ssize(images)) return {};
    const Image& image = images[static_cast<std::size_t>(cell)];
    const auto line =
        static_cast<std::size_t>(std::max(image.width, 0)) * static_cast<std::size_t>(std::max(image.channels, 0));
    const bool known = image.channels == 1 || image.channels == 3;
    if (image.empty() || !known || image.height < 1 ||
        image.pixels.size() < line * static_cast<std::size_t>(image.height))
        return {};
    auto* keep = new std::shared_ptr<const SampleFrame>(frame);
    return QImage(
        image.pixels.data(), image.width, image.height, static_cast<qsizetype>(line),
        image.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888,
        [](void* held) { delete static_cast<std::shared_ptr<const SampleFrame>*>(held); }, keep);
}

SampleRecord recordOf(const GenerationPlan& plan, const SampleRequest& request) {
    SampleRecord record;
    record.recipe = request.recipe;
    record.model = request.model;
    record.autoencoder = request.autoencoder;
    record.modelName = plan.modelName;
    record.modelHash = plan.modelHash;
    record.grid = plan.grid;
    return record;
}

}  // namespace vl
