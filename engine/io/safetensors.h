// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vl {

/// One tensor of a file, or to be written to one. `data` points at `bytes` little-endian row-major bytes, aligned to
/// the element size when it comes from a reader; valid as long as the SafetensorsFile (or any copy of it) lives.
struct TensorView {
    std::string name;
    std::string dtype;                 ///< "F32", "F16", "BF16", "F64", "I64", "U8", "BOOL" ...
    std::vector<std::int64_t> shape;   ///< empty: a scalar
    const std::byte* data = nullptr;
    std::size_t bytes = 0;
};

/// Bytes of one element, 0 for a dtype this reader does not know.
std::size_t dtypeBytes(std::string_view dtype);

/// A memory-mapped .safetensors file. The whole header is checked before anything is handed out: lengths against the
/// file, tensors contiguous without hole or overlap, sizes equal to shape times element, keys unique, UTF-8.
class SafetensorsFile {
public:
    /// Throws Error(NotFound | BadFile).
    static SafetensorsFile open(const std::filesystem::path& file);

    /// In the order of their data in the file.
    std::span<const TensorView> tensors() const;
    /// nullptr when there is none of that name.
    const TensorView* find(std::string_view name) const;
    const std::map<std::string, std::string>& metadata() const;

private:
    struct Content;
    explicit SafetensorsFile(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
    std::shared_ptr<const Content> content_;
};

/// Writes atomically: tensors sorted by element size (largest first), then name, so that every tensor is aligned.
/// Throws Error(Usage) for a size that does not match shape and dtype or a repeated name, Error(BadFile) on disk errors.
void writeSafetensors(const std::filesystem::path& file, std::span<const TensorView> tensors,
                      const std::map<std::string, std::string>& metadata = {});

}  // namespace vl
