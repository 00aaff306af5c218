// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"

namespace vl {

/// Exponential moving average of a model's weights, in a second model that is ready to be asked. Starts as the source
/// and covers every named tensor, frozen tables too (models.md 7.5).
class WeightAverage {
public:
    WeightAverage(Model& source, double decay);
    /// average = decay * average + (1 - decay) * source; after every optimiser step.
    void update();
    Model& model() { return *model_; }

private:
    double decay_;
    std::unique_ptr<Model> model_;
    std::vector<at::Tensor> average_, source_;
};

}  // namespace vl
