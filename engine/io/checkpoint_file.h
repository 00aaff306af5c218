// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/io/pth_file.h"

namespace vl {

/// A tensor's data, little-endian and row-major: inside the mapped file where they can be, else in `copy`.
struct TensorData {
    std::span<const std::byte> bytes;  ///< not necessarily aligned to the element
    std::vector<std::byte> copy;
};

/// A checkpoint of any format this program reads, as one listing: safetensors, a sharded set of them with its table,
/// and PyTorch files (zip and legacy). What a file is, its first bytes decide, not its name. Opening maps and lists;
/// data are touched when asked for. Torch-free.
class CheckpointFile {
public:
    /// Throws Error(NotFound | BadFile).
    static CheckpointFile open(const std::filesystem::path& file);

    const std::filesystem::path& path() const;
    /// "safetensors", "safetensors shards (3)", "PyTorch zip", "PyTorch legacy"
    const std::string& format() const;
    /// Of all files that belong to it.
    std::uint64_t bytes() const;
    /// Names in safetensors count as one key, unless they all begin with a known wrapper key.
    std::span<const PthTensor> tensors() const;
    std::span<const PthScalar> scalars() const;
    std::span<const PthOpaque> opaque() const;
    /// The string map of safetensors files; empty for others.
    const std::map<std::string, std::string>& metadata() const;

    /// `tensor` must be one of tensors(). The bytes are valid while a copy of this object and the result live. Throws
    /// Error(BadFile) for a tensor that repeats few data too often.
    TensorData data(const PthTensor& tensor) const;

private:
    struct Content;
    explicit CheckpointFile(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
    std::shared_ptr<const Content> content_;
};

}  // namespace vl
