// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/io/safetensors.h"

namespace vl {

using PthValue = std::variant<bool, std::int64_t, double, std::string>;

struct PthWriteOptions {
    /// Key the state dict is kept under ("model"); empty: the file is the state dict itself.
    std::string wrapper;
    /// Kept beside it ("epoch", 3); needs a wrapper.
    std::vector<std::pair<std::string, PthValue>> values;
};

/// Writes, atomically, a file that torch.load(file, weights_only=True) of torch 1.13 and later reads as an OrderedDict
/// of tensors in the given order (zip format, pickle protocol 2; float8 and unsigned types need torch 2.3). Throws
/// Error(Usage) for a size that does not match shape and dtype, a repeated or non-UTF-8 name or values without a
/// wrapper, Error(BadFile) on disk errors.
void writePth(const std::filesystem::path& file, std::span<const TensorView> tensors,
              const PthWriteOptions& options = {});

}  // namespace vl
