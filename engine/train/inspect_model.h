// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/api/run_folder.h"
#include "engine/api/types.h"
#include "engine/nn/model.h"

namespace vl {

/// What a picture needs to become a model's input and its output to become words.
struct InputRecipe {
    double mean = 0, std = 1;             ///< of pixel values in 0..1, the same for every channel
    std::vector<std::string> classNames;  ///< empty: numbers
    bool imagenetColours = false;         ///< colour pictures: ImageNet's mean and deviation channel by channel instead
};
/// What a checkpoint says about its pictures.
InputRecipe recipeOf(const CheckpointInfo& info);

/// 8-bit pictures of one size -> [B, channels, S, S] float, (pixel/255 - mean) / std.
at::Tensor imagesToTensor(std::span<const Image> images, const InputRecipe& recipe);

/// Logits [K] -> probabilities with names, best first.
std::vector<Prediction> toPredictions(const at::Tensor& logits, const std::vector<std::string>& classNames);

/// One forward pass with every layer's attention: fills everything of the result but `request`, `source`, `step` and
/// `live`. The picture is brought to the model's size first. `alpha` overrides the soft-mask rate for this pass only.
std::shared_ptr<Inspection> inspectImage(Model& model, const Image& picture, const InputRecipe& recipe,
                                         std::optional<double> alpha);

}  // namespace vl
