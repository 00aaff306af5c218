// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "engine/api/denoiser_presets.h"
#include "engine/api/generate.h"
#include "engine/api/grid_values.h"
#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl {
namespace {

using detail::classLabel;
using detail::classNamed;

struct Context {
    const GridRecipe& recipe;
    const ModelSpec& spec;
    const std::vector<std::string>& classNames;
};

[[noreturn]] void refuse(const std::string& what, const std::string& advice) {
    throw Error(ErrorCode::Usage, what, advice);
}

double numberIn(const std::string& typed, Vary vary, double low, double high) {
    const auto number = parseNumber(typed);
    if (!number || !(*number >= low && *number <= high))
        refuse("'" + printable(typed) + "' is no value for " + toString(vary) + ".",
               "Use numbers from " + formatNumber(low) + " to " + formatNumber(high) + ".");
    return *number;
}

int stepsOf(const std::string& typed, const ModelSpec& spec) {
    const double most = isFlowDenoiser(spec) ? 10000 : 1000, steps = numberIn(typed, Vary::Steps, 1, most);
    if (steps != std::floor(steps)) refuse("'" + printable(typed) + "' is no number of steps.", "Use whole numbers.");
    return static_cast<int>(steps);
}

std::uint64_t seedOf(const std::string& typed) {
    const auto seed = parseInteger(typed);
    if (!seed || *seed < 0) refuse("'" + printable(typed) + "' is no seed.", "Use whole numbers from 0.");
    return static_cast<std::uint64_t>(*seed);
}

std::string samplerOf(const std::string& typed, const ModelSpec& spec) {
    const SamplerInfo& sampler = findSampler(typed);
    std::vector<std::string_view> names;
    const auto fitting = samplersFor(spec);
    for (const SamplerInfo& other : fitting)
        names.push_back(other.name);
    if (std::ranges::find(names, sampler.name) == names.end())
        refuse("The sampler '" + typed + "' does not fit the model '" + spec.name + "'.",
               "Use one of " + joined(names, ", ") + ".");
    return typed;
}

void apply(CellSettings& cell, Vary vary, const std::string& value, const Context& context) {
    switch (vary) {
        case Vary::Nothing: return;
        case Vary::Class: cell.label = classNamed(value, context.spec, context.classNames); return;
        case Vary::Seed: cell.seed = seedOf(value); return;
        case Vary::Guidance: cell.guidance = numberIn(value, vary, -100, 100); return;
        case Vary::Steps: cell.steps = stepsOf(value, context.spec); return;
        case Vary::Sampler: cell.sampler = samplerOf(value, context.spec); return;
        case Vary::Eta: cell.eta = numberIn(value, vary, 0, 1); return;
        case Vary::Noise: cell.noise = numberIn(value, vary, 0, 100); return;
        case Vary::SeedMix: cell.seedMix = numberIn(value, vary, 0, 1); return;
        case Vary::LabelMix: cell.labelMix = numberIn(value, vary, 0, 1); return;
    }
}

std::string percent(double share) { return formatNumber(std::round(share * 1000) / 10) + " %"; }

std::string labelOf(const CellSettings& cell, Vary vary, bool newSeed, const Context& context) {
    switch (vary) {
        case Vary::Nothing: return newSeed ? "seed " + std::to_string(cell.seed) : "";
        case Vary::Class: return classLabel(cell.label, context.spec, context.classNames);
        case Vary::Seed: return "seed " + std::to_string(cell.seed);
        case Vary::Guidance: return "guidance " + formatNumber(cell.guidance);
        case Vary::Steps: return std::to_string(cell.steps) + (cell.steps == 1 ? " step" : " steps");
        case Vary::Sampler: return std::string(findSampler(cell.sampler).label);
        case Vary::Eta: return "eta " + formatNumber(cell.eta);
        case Vary::Noise: return "noise " + formatNumber(cell.noise);
        case Vary::SeedMix: return percent(cell.seedMix) + " seed " + std::to_string(*cell.seedTo);
        case Vary::LabelMix:
            return percent(cell.labelMix) + " " + classLabel(*cell.labelTo, context.spec, context.classNames);
    }
    return {};
}

/// What stands along one side; one empty value where nothing changes.
std::vector<std::string> valuesOf(Vary vary, const std::vector<std::string>& typed, const Context& context) {
    std::vector<std::string> values = detail::singleValues(typed, vary, context.classNames);
    if (vary == Vary::Nothing) {
        // A number says how often it is repeated, which shows something with new seeds.
        const int count = values.empty() ? 1 : static_cast<int>(numberIn(values[0], vary, 1, detail::kMostCells));
        return std::vector<std::string>(static_cast<std::size_t>(count));
    }
    if (!values.empty()) return values;
    if (vary == Vary::SeedMix || vary == Vary::LabelMix)
        return detail::singleValues({"0-1:9"}, vary, context.classNames);
    if (vary != Vary::Class)
        refuse(std::string("There are no values for ") + toString(vary) + ".", "Give at least one.");
    for (int label = 0; label < std::min(context.spec.numClasses, 10); ++label)
        values.push_back(std::to_string(label));
    return values;
}

bool changes(const GridRecipe& recipe, Vary vary) { return recipe.rows == vary || recipe.columns == vary; }

CellSettings checkedBase(const Context& context) {
    CellSettings base = context.recipe.base;
    if (!base.sampler.empty()) samplerOf(base.sampler, context.spec);
    for (const int label : {base.label, base.labelTo.value_or(0)})
        classNamed(std::to_string(label), context.spec, {});
    if (changes(context.recipe, Vary::LabelMix) && !base.labelTo)
        refuse("A strip between classes needs a second class.", "Name the class it ends with.");
    if (changes(context.recipe, Vary::SeedMix) && !base.seedTo) base.seedTo = base.seed + 1;
    return base;
}

}  // namespace

GridCells expandGrid(const GridRecipe& recipe, const ModelSpec& spec, const std::vector<std::string>& classNames) {
    const Context context{recipe, spec, classNames};
    if (spec.task() != ModelTask::Generate)
        refuse("Model '" + spec.name + "' does not generate pictures.", "Choose a DiT or SiT model.");
    if (recipe.rows == recipe.columns && recipe.rows != Vary::Nothing)
        refuse(std::string("Rows and columns both change the ") + toString(recipe.rows) + ".",
               "Choose another thing for one of them.");
    const CellSettings base = checkedBase(context);
    const auto rows = valuesOf(recipe.rows, recipe.rowValues, context);
    const auto columns = valuesOf(recipe.columns, recipe.columnValues, context);
    if (rows.size() * columns.size() > static_cast<std::size_t>(detail::kMostCells))
        refuse("The grid has " + thousands(static_cast<std::int64_t>(rows.size() * columns.size())) + " cells.",
               "At most " + thousands(detail::kMostCells) + " can be asked for at once.");
    GridCells grid;
    grid.rows = static_cast<int>(rows.size()), grid.columns = static_cast<int>(columns.size());
    for (std::size_t row = 0; row < rows.size(); ++row)
        for (std::size_t column = 0; column < columns.size(); ++column) {
            CellSettings cell = base;
            apply(cell, recipe.rows, rows[row], context);
            apply(cell, recipe.columns, columns[column], context);
            // With both, seeds go through the grid in reading order, so that none comes twice.
            if (recipe.newSeedEachRow) cell.seed += row * (recipe.newSeedEachColumn ? columns.size() : 1);
            if (recipe.newSeedEachColumn) cell.seed += column;
            if (row == 0)
                grid.columnLabels.push_back(labelOf(cell, recipe.columns, recipe.newSeedEachColumn, context));
            if (column == 0) grid.rowLabels.push_back(labelOf(cell, recipe.rows, recipe.newSeedEachRow, context));
            grid.cells.push_back(std::move(cell));
        }
    return grid;
}

}  // namespace vl
