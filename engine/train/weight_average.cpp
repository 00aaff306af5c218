// SPDX-License-Identifier: Apache-2.0
#include "engine/train/weight_average.h"

#include <ATen/ops/_foreach_lerp.h>
#include <c10/core/GradMode.h>

namespace vl {

WeightAverage::WeightAverage(Model& source, double decay) : decay_(decay), model_(makeModel(source.spec())) {
    const c10::NoGradGuard noGrad;
    const std::span<Parameter> own = model_->parameters(), theirs = source.parameters();
    for (std::size_t i = 0; i < own.size(); ++i) {
        own[i].tensor.copy_(theirs[i].tensor);
        if (!own[i].tensor.is_floating_point()) continue;  // a batch norm's counter
        average_.push_back(own[i].tensor);
        source_.push_back(theirs[i].tensor);
    }
}

void WeightAverage::update() {
    const c10::NoGradGuard noGrad;
    at::_foreach_lerp_(average_, source_, 1 - decay_);
}

}  // namespace vl
