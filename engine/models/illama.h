// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "engine/nn/model.h"

namespace vl {

/// iLLaMA (models.md 3): patches, class token last (or first), learned positions and 1-D rotary embedding,
/// pre-norm blocks with post-softmax soft mask and SwiGLU, logits from the class token.
/// Throws Error(Usage) for sizes that cannot form a model.
std::unique_ptr<Model> makeIllama(const ModelSpec& spec);

}  // namespace vl
