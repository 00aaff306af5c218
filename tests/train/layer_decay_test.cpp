// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/nn/layer_depth.h"
#include "engine/nn/parameter_list.h"

namespace vl {
namespace {

TEST(LayerDecay, SharesAndWeightDecayAreTheRecordedOnes) {
    std::ifstream file(std::string(VL_SOURCE_DIR) + "/tests/golden/recipe_layer_decay.json");
    const auto recorded = nlohmann::json::parse(file);
    const int layers = recorded.at("layers");
    int tensors = 0;
    for (const auto& set : recorded.at("sets")) {
        const double rate = set.at("rate"), decay = set.at("weight_decay");
        for (const auto& [name, row] : set.at("scale_and_weight_decay").items()) {
            const double share = std::pow(rate, layers + 1 - layerDepth(name, layers));
            EXPECT_NEAR(share, row[0].get<double>(), 1e-12) << set.at("recipe") << " " << name;
            const bool vector = name.ends_with(".bias") || name.find(".ln") != std::string::npos;
            EXPECT_EQ(parameterDecays(name, vector ? 1 : 2) ? decay : 0, row[1].get<double>()) << name;
            ++tensors;
        }
    }
    EXPECT_EQ(tensors, 42 + 40);
}

}  // namespace
}  // namespace vl
