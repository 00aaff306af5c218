// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/api/model_spec.h"
#include "engine/api/types.h"

namespace vl {

/// Pictures [B, C, H, W] uint8 (1 or 3 channels) one by one.
std::vector<Image> imagesFrom(const at::Tensor& pixels);

/// What a chain's state [B, C, S, S] looks like without an autoencoder: pixels as they are, latents through the linear
/// projection, or their first three channels where there is none for them.
at::Tensor shownPixels(const at::Tensor& samples, const ModelSpec& spec);

}  // namespace vl
