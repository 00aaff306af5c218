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
    /// A table that is stored and never trained; the model fills it.
    at::Tensor addFrozen(const std::string& name, at::IntArrayRef shape);
    /// Batch statistics: float32, or int64 for counters.
    at::Tensor addBuffer(const std::string& name, at::IntArrayRef shape, at::ScalarType type = at::kFloat);

    std::span<Parameter> items() { return items_; }

private:
    at::Tensor append(const std::string& name, at::IntArrayRef shape, at::ScalarType type, ParameterKind kind);

    std::vector<Parameter> items_;
};

/// While one lives, every list of its thread makes tensors on the meta device: names and shapes, no memory.
/// Models must not read their tensors while they are built.
class DescribeOnly {
public:
    DescribeOnly();
    ~DescribeOnly();
    DescribeOnly(const DescribeOnly&) = delete;
    DescribeOnly& operator=(const DescribeOnly&) = delete;

private:
    bool before_;
};

/// False for 1-D tensors, *.bias, pos_embed and cls_token.
bool parameterDecays(const std::string& name, std::int64_t dimensions);

}  // namespace vl
