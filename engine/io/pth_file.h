// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vl {

/// One tensor a PyTorch file lists. Sizes and strides are in elements.
struct PthTensor {
    std::string name;                 ///< keys on the way joined by '.', e.g. "model.blocks.0.attn.qkv.weight"
    std::size_t topKeyBytes = 0;      ///< length of the first key in `name` (a key may hold dots itself)
    std::string dtype;                ///< "F32", "BF16", "F8_E4M3" ... as in safetensors, and "C128"
    std::vector<std::int64_t> shape;  ///< empty: a scalar
    std::vector<std::int64_t> strides;
    std::uint32_t storage = 0;        ///< tensors with the same number share their data
    std::string device;               ///< where it was when saved: "cpu", "cuda:0"
    std::uint64_t storageOffset = 0;  ///< elements into the storage
    std::uint64_t fileOffset = 0;     ///< byte of its first element in the file
    std::size_t bytes = 0;            ///< as contiguous data
    bool contiguous = true;           ///< row-major without gaps, so the file's bytes can be used as they are
    bool parameter = false;           ///< saved as torch.nn.Parameter
};

/// A value beside the tensors: epoch, best accuracy, arguments.
struct PthScalar {
    std::string name;  ///< as for tensors
    std::string text;  ///< as Python prints it
};

/// A part of the file that belongs to a class not known here. Nothing of it was run; tensors inside may be missing.
struct PthOpaque {
    std::string name;
    std::string className;
};

enum class PthFormat { Zip, Legacy };

/// A PyTorch checkpoint (.pth, .pt, .bin), read without Python and without running anything in it. Opening maps the
/// file and lists it; tensor data are touched only when asked for. Files are taken as hostile: everything is checked
/// against the file's size before it is used.
class PthFile {
public:
    /// Both formats: zip (torch 1.6 and later) and the older run of pickles. Throws Error(NotFound | BadFile).
    static PthFile open(const std::filesystem::path& file);

    PthFormat format() const;
    /// In the order of the file.
    std::span<const PthTensor> tensors() const;
    /// nullptr when there is none of that name.
    const PthTensor* find(std::string_view name) const;
    /// At most a few thousand; what is nested deep or long comes shortened.
    std::span<const PthScalar> scalars() const;
    std::span<const PthOpaque> opaque() const;

    /// The data, little-endian and row-major; strided tensors are gathered. Throws Error(BadFile) for a tensor that
    /// repeats few data so often that the file's size cannot explain it.
    std::vector<std::byte> read(const PthTensor& tensor) const;
    /// The same without a copy where the tensor is contiguous (not necessarily aligned; valid while a copy of this
    /// object lives), else empty.
    std::span<const std::byte> view(const PthTensor& tensor) const;

private:
    struct Content;
    explicit PthFile(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
    std::shared_ptr<const Content> content_;
};

}  // namespace vl
