// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"

namespace vl {

/// The number that the recorded cases put at flat index `index` of the tensor called `name`, in [-1, 1).
/// FNV-1a of the name seeds a SplitMix64 sequence; tests/golden/README.md spells it out.
double recordedUniform(std::string_view name, std::uint64_t index);

/// Fills a tensor by the recorded cases' rule: scale and offset follow from its name and shape.
void fillRecorded(at::Tensor tensor, std::string_view name);
void fillRecorded(std::span<Parameter> parameters);

/// "u of `name`" in the recorded cases: the stream of that name without scale, float32.
at::Tensor recordedStream(std::string_view name, at::IntArrayRef shape);
/// The recorded input of that shape: the stream called "input" without scale.
at::Tensor recordedInput(at::IntArrayRef shape);

}  // namespace vl
