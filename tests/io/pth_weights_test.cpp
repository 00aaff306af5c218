// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engine/io/weight_trees.h"

namespace vl {
namespace {

struct Named {
    std::string top, rest;  ///< key at the top of the file, and what follows
    std::int64_t size = 10;
};

std::vector<PthTensor> tensorsNamed(const std::vector<Named>& names) {
    std::vector<PthTensor> tensors;
    for (const auto& [top, rest, size] : names) {
        PthTensor tensor;
        tensor.name = rest.empty() ? top : top + "." + rest;
        tensor.topKeyBytes = top.size();
        tensor.shape = {size};
        tensors.push_back(tensor);
    }
    return tensors;
}

std::string prefixes(const std::vector<PthTensor>& tensors, bool averaged = false) {
    std::string all;
    for (const auto& tree : findWeights(tensors, averaged))
        all += (all.empty() ? "" : " ") + ("[" + tree.prefix + "]");
    return all;
}

TEST(FindWeights, TakesABareStateDictAsItIs) {
    const auto tensors = tensorsNamed({{"blocks.0.w", ""}, {"model.b", ""}});
    EXPECT_EQ(prefixes(tensors), "[]");
    EXPECT_EQ(tensorsOf(findWeights(tensors)[0], tensors).size(), 2u);
}

TEST(FindWeights, UnwrapsWhatTrainingScriptsWrite) {
    EXPECT_EQ(prefixes(tensorsNamed({{"optimizer", "state.0.exp_avg", 99}, {"model", "w"}, {"scaler", "x"}})),
              "[model.]");
    EXPECT_EQ(prefixes(tensorsNamed({{"state_dict", "model.w"}, {"state_dict", "model.b"}})), "[state_dict.model.]");
    EXPECT_EQ(prefixes(tensorsNamed({{"module.w", ""}, {"module.b", ""}})), "[module.]");
    EXPECT_EQ(prefixes(tensorsNamed({{"model", "module._orig_mod.w"}, {"model", "module._orig_mod.b"}})),
              "[model.module._orig_mod.]");
    EXPECT_EQ(prefixes(tensorsNamed({{"state_dict", "model.w"}, {"state_dict", "head.w"}})), "[state_dict.]");
}

TEST(FindWeights, OffersAveragedWeightsBesideTheOthers) {
    const auto tensors = tensorsNamed({{"model_ema", "w"}, {"model", "w"}, {"opt", "state.0.exp_avg"}});
    EXPECT_EQ(prefixes(tensors), "[model.] [model_ema.]");
    EXPECT_EQ(prefixes(tensors, true), "[model_ema.] [model.]");
    EXPECT_TRUE(findWeights(tensors)[1].averaged);
    EXPECT_EQ(prefixes(tensorsNamed({{"ema", "module.w"}}), true), "[ema.module.]");
}

TEST(FindWeights, PrefersAKnownKeyToLooseTensors) {
    EXPECT_EQ(prefixes(tensorsNamed({{"step", "", 1}, {"state_dict", "w"}})), "[state_dict.] []");
    EXPECT_EQ(prefixes(tensorsNamed({{"step", "", 1}, {"generator", "w", 50}, {"critic", "w", 90}})),
              "[critic.] [generator.] []");
}

TEST(FindWeights, CountsAndNamesWithoutThePrefix) {
    const auto tensors = tensorsNamed({{"model", "w", 6}, {"model", "b", 2}, {"epoch", "", 1}});
    const auto tree = findWeights(tensors).at(0);
    EXPECT_EQ(tree.tensors, 2u);
    EXPECT_EQ(tree.elements, 8u);
    const auto named = tensorsOf(tree, tensors);
    ASSERT_EQ(named.size(), 2u);
    EXPECT_EQ(named[0].name, "w");
    EXPECT_EQ(named[1].tensor->name, "model.b");
}

TEST(FindWeights, FindsNoneInTrainingState) {
    EXPECT_EQ(prefixes({}), "");
    EXPECT_EQ(prefixes(tensorsNamed({{"optimizer", "state.0.exp_avg"}})), "");
}

}  // namespace
}  // namespace vl
