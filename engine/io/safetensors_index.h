// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "engine/io/safetensors.h"

namespace vl {

/// Weights spread over several safetensors files, with a table of contents (`*.safetensors.index.json`, key
/// "weight_map": tensor to file). Every file is opened and checked when the set is; files must lie in the folder of
/// the table or below it, and hold what the table promises.
class SafetensorsSet {
public:
    /// Throws Error(NotFound), naming the file that is missing, and Error(BadFile).
    static SafetensorsSet open(const std::filesystem::path& index);

    /// In the order of their names. Data are valid while a copy of this object lives.
    std::span<const TensorView> tensors() const;
    std::size_t files() const;
    /// Of all files together, the table not counted.
    std::uint64_t bytes() const;
    /// Of the first file that has some.
    const std::map<std::string, std::string>& metadata() const;

private:
    struct Content;
    explicit SafetensorsSet(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
    std::shared_ptr<const Content> content_;
};

}  // namespace vl
