// SPDX-License-Identifier: Apache-2.0
#include "app/cli/sample_arguments.h"

#include <filesystem>

#include "engine/api/grid_values.h"
#include "engine/api/sample_result.h"
#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl::cli {
namespace {

/// "guidance=1,2,4" as what changes and its values.
void readVary(const std::string& text, Vary& vary, std::vector<std::string>& values) {
    const std::size_t equals = text.find('=');
    vary = varyNamed(text.substr(0, equals));
    values.clear();
    if (equals != std::string::npos) values.push_back(text.substr(equals + 1));
}

struct GridSize {
    int rows = 1, columns = 0;  ///< columns 0: as many as there are classes
};

GridSize gridSizeOf(const std::string& text) {
    if (text.empty()) return {};
    const std::size_t cross = text.find('x');
    const auto rows = parseInteger(text.substr(0, cross));
    const auto columns = cross == std::string::npos ? std::nullopt : parseInteger(text.substr(cross + 1));
    if (!rows || !columns || *rows < 1 || *columns < 1 || *rows * *columns > detail::kMostCells)
        throw Error(ErrorCode::Usage, "'" + printable(text) + "' is no size of a grid.",
                    "Write rows and columns, such as 4x10.");
    return {static_cast<int>(*rows), static_cast<int>(*columns)};
}

}  // namespace

CellSettings baseOf(const SampleArguments& arguments, const CellSettings& before) {
    CellSettings base = before;
    if (arguments.sampler) base.sampler = *arguments.sampler, base.steps = 0;
    if (arguments.steps) base.steps = *arguments.steps;
    if (arguments.guidance) base.guidance = *arguments.guidance;
    if (arguments.seed) base.seed = *arguments.seed;
    if (arguments.toSeed) base.seedTo = *arguments.toSeed;
    if (!arguments.like.empty()) return base;
    base.eta = arguments.eta, base.noise = arguments.noise, base.form = arguments.form;
    base.lastStep = arguments.lastStep, base.clip = arguments.clip;
    return base;
}

std::vector<int> labelsOf(const SampleArguments& arguments, const SampleModel& model) {
    const ModelSpec& spec = model.denoiser->spec();
    std::vector<std::string> typed;
    if (!arguments.classes.empty()) typed = detail::singleValues({arguments.classes}, Vary::Class, model.classNames);
    std::vector<int> labels;
    for (const std::string& one : typed)
        labels.push_back(detail::classNamed(one, spec, model.classNames));
    for (int label = 0; typed.empty() && label < spec.numClasses; ++label)
        labels.push_back(label);
    return labels;
}

GridRecipe recipeOf(const SampleArguments& arguments, const SampleModel& model) {
    GridRecipe recipe;
    if (!arguments.like.empty()) recipe = recordFromPicture(arguments.like).recipe;
    recipe.base = baseOf(arguments, recipe.base);
    if (!arguments.toClass.empty())
        recipe.base.labelTo = detail::classNamed(arguments.toClass, model.denoiser->spec(), model.classNames);
    const bool own = arguments.like.empty();
    if (own || !arguments.classes.empty() || !arguments.grid.empty()) {
        const GridSize size = gridSizeOf(arguments.grid);
        std::vector<int> labels = labelsOf(arguments, model);
        if (arguments.classes.empty() && labels.size() > 10) labels.resize(10);
        const std::size_t columns = size.columns ? static_cast<std::size_t>(size.columns) : labels.size();
        recipe.base.label = labels.front();
        recipe.columns = Vary::Class;
        recipe.columnValues.clear();
        for (std::size_t i = 0; i < columns; ++i)
            recipe.columnValues.push_back(std::to_string(labels[i % labels.size()]));
        recipe.rows = Vary::Nothing;
        recipe.rowValues = {std::to_string(size.rows)};
        recipe.newSeedEachRow = recipe.newSeedEachColumn = true;
    }
    // What changes along one side takes the place of new seeds there, so that only it changes.
    if (!arguments.varyRows.empty())
        readVary(arguments.varyRows, recipe.rows, recipe.rowValues), recipe.newSeedEachRow = false;
    if (!arguments.varyColumns.empty())
        readVary(arguments.varyColumns, recipe.columns, recipe.columnValues), recipe.newSeedEachColumn = false;
    return recipe;
}

void requireNew(const std::string& path, bool force) {
    if (!path.empty() && !force && std::filesystem::exists(path))
        throw Error(ErrorCode::Usage, path + " is there already.", "Choose another name, or add --force to replace it.");
}

}  // namespace vl::cli
