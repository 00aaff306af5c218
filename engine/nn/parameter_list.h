// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/nn/model.h"

namespace vl {

/// Collects a model's leaf tensors in state-dict order while its parts are built.
/// Parts keep the returned handle; it shares storage with the entry, so the optimiser must update in place.
class ParameterList {
public:
    /// Adds a zero-filled float32 leaf and returns its handle. Decides weight decay from shape and name
    /// (models.md 3.5).
    at::Tensor add(const std::string& name, at::IntArrayRef shape);

    std::span<Parameter> items() { return items_; }

private:
    std::vector<Parameter> items_;
};

/// False for 1-D tensors, *.bias, pos_embed and cls_token.
bool parameterDecays(const std::string& name, std::int64_t dimensions);

}  // namespace vl
