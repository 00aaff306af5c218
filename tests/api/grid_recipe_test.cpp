// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/api/generate.h"
#include "engine/core/error.h"

namespace vl {
namespace {

const std::vector<std::string> kNames{"T-shirt/top", "Trouser", "Pullover", "Dress",      "Coat",
                                      "Sandal",      "Shirt",   "Sneaker",  "Ankle boot", "Bag, small"};

const ModelSpec& flowSpec() { return findPreset("sitllama_micro"); }

std::vector<int> labels(const GridCells& grid) {
    std::vector<int> found;
    for (const CellSettings& cell : grid.cells)
        found.push_back(cell.label);
    return found;
}

GridRecipe recipeOf(Vary columns, std::vector<std::string> values, CellSettings base = {}) {
    GridRecipe recipe;
    recipe.base = base;
    recipe.columns = columns;
    recipe.columnValues = std::move(values);
    return recipe;
}

GridCells columnsOf(Vary vary, std::vector<std::string> values, CellSettings base = {}) {
    return expandGrid(recipeOf(vary, std::move(values), base), flowSpec(), kNames);
}

std::string problemOf(const GridRecipe& recipe, const ModelSpec& spec = flowSpec()) {
    try {
        expandGrid(recipe, spec, kNames);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::Usage);
        EXPECT_FALSE(error.hint().empty());
        return error.message();
    }
    return "";
}

// The grid of the design picture: steps down, classes across, a seed for every column.
TEST(GridRecipe, CrossesRowsWithColumns) {
    GridRecipe recipe;
    recipe.base.seed = 7011;
    recipe.rows = Vary::Steps;
    recipe.rowValues = {"48 72", "240"};
    recipe.columnValues = {"pullover", "8"};
    recipe.newSeedEachColumn = true;
    const GridCells grid = expandGrid(recipe, flowSpec(), kNames);
    EXPECT_EQ(grid.rows, 3);
    EXPECT_EQ(grid.columns, 2);
    ASSERT_EQ(grid.cells.size(), 6u);
    EXPECT_EQ(grid.rowLabels, (std::vector<std::string>{"48 steps", "72 steps", "240 steps"}));
    EXPECT_EQ(grid.columnLabels, (std::vector<std::string>{"Pullover", "Ankle boot"}));
    EXPECT_EQ(grid.cells[3].steps, 72);
    EXPECT_EQ(grid.cells[3].label, 8);
    EXPECT_EQ(grid.cells[3].seed, 7012u);
    EXPECT_EQ(grid.cells[4].seed, 7011u);
}

TEST(GridRecipe, TakesClassesAsTheyAreTyped) {
    EXPECT_EQ(labels(columnsOf(Vary::Class, {"0-3"})), (std::vector<int>{0, 1, 2, 3}));
    EXPECT_EQ(labels(columnsOf(Vary::Class, {"3-0"})), (std::vector<int>{3, 2, 1, 0}));
    EXPECT_EQ(labels(columnsOf(Vary::Class, {"1, ankle boot, 4"})), (std::vector<int>{1, 8, 4}));
    EXPECT_EQ(labels(columnsOf(Vary::Class, {"Bag, small"})), (std::vector<int>{9}));
    EXPECT_EQ(labels(columnsOf(Vary::Class, {"t-shirt/top"})), (std::vector<int>{0}));
    EXPECT_EQ(labels(columnsOf(Vary::Class, {"2 4 6"})), (std::vector<int>{2, 4, 6}));
    EXPECT_EQ(labels(columnsOf(Vary::Class, {"none"})), (std::vector<int>{10}));
    EXPECT_EQ(labels(columnsOf(Vary::Class, {})).size(), 10u);
    EXPECT_EQ(columnsOf(Vary::Class, {"10"}).columnLabels.front(), "no class");
}

TEST(GridRecipe, NamesWhatChanges) {
    EXPECT_EQ(columnsOf(Vary::Guidance, {"4", "7.5"}).columnLabels, (std::vector<std::string>{"guidance 4", "guidance 7.5"}));
    EXPECT_EQ(columnsOf(Vary::Seed, {"7-9"}).columnLabels, (std::vector<std::string>{"seed 7", "seed 8", "seed 9"}));
    EXPECT_EQ(columnsOf(Vary::Sampler, {"euler,heun"}).columnLabels, (std::vector<std::string>{"Euler, ODE", "Heun, ODE"}));
    EXPECT_EQ(columnsOf(Vary::Noise, {"0.5"}).columnLabels, (std::vector<std::string>{"noise 0.5"}));
}

TEST(GridRecipe, MakesStripsBetweenSeedsAndClasses) {
    CellSettings base;
    base.seed = 5;
    base.label = 1;
    base.labelTo = 9;
    const GridCells seeds = columnsOf(Vary::SeedMix, {"0-1:5"}, base);
    ASSERT_EQ(seeds.cells.size(), 5u);
    EXPECT_EQ(seeds.cells[0].seedTo, 6u);
    EXPECT_EQ(seeds.cells[1].seedMix, 0.25);
    EXPECT_EQ(seeds.columnLabels[1], "25 % seed 6");
    const GridCells classes = columnsOf(Vary::LabelMix, {}, base);
    ASSERT_EQ(classes.cells.size(), 9u);
    EXPECT_EQ(classes.cells[4].labelMix, 0.5);
    EXPECT_EQ(classes.columnLabels[8], "100 % Bag, small");
}

TEST(GridRecipe, CountsSeedsThroughRowsAndColumnsWithoutRepeating) {
    GridRecipe recipe;
    recipe.base.seed = 100;
    recipe.rowValues = {"2"};
    recipe.columns = Vary::Nothing;
    recipe.columnValues = {"3"};
    recipe.newSeedEachRow = recipe.newSeedEachColumn = true;
    const GridCells grid = expandGrid(recipe, flowSpec(), kNames);
    ASSERT_EQ(grid.cells.size(), 6u);
    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_EQ(grid.cells[i].seed, 100 + i);
}

TEST(GridRecipe, SaysWhatIsWrongWithAValue) {
    EXPECT_NE(problemOf(recipeOf(Vary::Class, {"Snaeker"})).find("Snaeker"), std::string::npos);
    EXPECT_NE(problemOf(recipeOf(Vary::Class, {"11"})).find("0 to 9"), std::string::npos);
    EXPECT_NE(problemOf(recipeOf(Vary::Guidance, {"much"})).find("much"), std::string::npos);
    EXPECT_NE(problemOf(recipeOf(Vary::Sampler, {"ddim"})).find("sitllama_micro"), std::string::npos);
    EXPECT_NE(problemOf(recipeOf(Vary::Steps, {"2000"}), findPreset("ditllama_micro")), "");
    EXPECT_NE(problemOf(recipeOf(Vary::Steps, {"2.5"})), "");
    EXPECT_NE(problemOf(recipeOf(Vary::Seed, {"-4"})), "");
    EXPECT_NE(problemOf(recipeOf(Vary::Seed, {"0-99999999"})), "");
    EXPECT_NE(problemOf(recipeOf(Vary::Guidance, {"1-4"})), "");
    EXPECT_NE(problemOf(recipeOf(Vary::Guidance, {})), "");
    EXPECT_NE(problemOf(recipeOf(Vary::LabelMix, {})), "");
    GridRecipe twice = recipeOf(Vary::Seed, {"1"});
    twice.rows = Vary::Seed;
    EXPECT_NE(problemOf(twice), "");
    EXPECT_NE(problemOf({}, findPreset("illama_tiny")), "");
}

TEST(GridRecipe, NamesReadBack) {
    for (const Vary vary : {Vary::Nothing, Vary::Class, Vary::Seed, Vary::Guidance, Vary::Steps, Vary::Sampler, Vary::Eta,
                            Vary::Noise, Vary::SeedMix, Vary::LabelMix})
        EXPECT_EQ(varyNamed(toString(vary)), vary);
    EXPECT_THROW(varyNamed("colour"), Error);
}

TEST(SamplerList, OffersWhatFitsTheProcess) {
    EXPECT_EQ(samplersFor(flowSpec()).front().name, "euler");
    EXPECT_EQ(samplersFor(findPreset("ditllama_micro")).front().name, "ddim");
    EXPECT_TRUE(samplersFor(findPreset("illama_tiny")).empty());
    for (const SamplerInfo& sampler : samplersFor(flowSpec()))
        EXPECT_TRUE(sampler.flow);
    EXPECT_THROW(findSampler("dimm"), Error);
}

}  // namespace
}  // namespace vl
