// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"
#include "engine/nn/recorded_fill.h"

namespace vl::test {

/// The spec's model with the recorded cases' weights, as the border its task has.
template <class Kind = Model>
std::unique_ptr<Kind> filled(const ModelSpec& spec) {
    std::unique_ptr<Kind> model(dynamic_cast<Kind*>(makeModel(spec).release()));
    fillRecorded(model->parameters());
    return model;
}

inline at::Tensor pictures(const ModelSpec& spec, std::int64_t batch) {
    return recordedInput({batch, spec.inChannels, spec.imageSize, spec.imageSize});
}

inline double largestDifference(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
}

}  // namespace vl::test
