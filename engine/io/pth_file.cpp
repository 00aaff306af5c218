// SPDX-License-Identifier: Apache-2.0
#include "engine/io/pth_file.h"

#include <cstring>
#include <unordered_map>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/mapped_file.h"
#include "engine/io/pickle_tree.h"
#include "engine/io/pth_layout.h"
#include "engine/io/pth_listing.h"

namespace vl {
namespace {

/// Up to this size a tensor may repeat its data (expand) without a word.
constexpr std::size_t freeExpansion = std::size_t{64} << 20;

/// Extents of 1 may have any stride; an empty tensor is contiguous whatever it says.
bool isContiguous(const PthTensor& tensor) {
    if (tensor.bytes == 0) return true;
    std::int64_t expected = 1;
    for (std::size_t i = tensor.shape.size(); i-- > 0;) {
        if (tensor.shape[i] != 1 && tensor.strides[i] != expected) return false;
        expected *= tensor.shape[i];
    }
    return true;
}

/// Copies runs of `run` bytes, one for each index of the first `outer` dimensions, advancing like an odometer.
void gather(const std::byte* from, const PthTensor& tensor, std::size_t outer, std::size_t run, std::size_t element,
            std::byte* to) {
    struct Dimension {
        std::size_t size, step, index;
    };
    std::vector<Dimension> dimensions;
    for (std::size_t d = 0; d < outer; ++d)
        if (tensor.shape[d] > 1)  // the stride of a single row means nothing and may be anything
            dimensions.push_back(
                {static_cast<std::size_t>(tensor.shape[d]), static_cast<std::size_t>(tensor.strides[d]) * element, 0});
    std::size_t offset = 0;
    for (std::size_t done = 0; done < tensor.bytes; done += run) {
        std::memcpy(to + done, from + offset, run);
        for (std::size_t d = dimensions.size(); d-- > 0;) {
            auto& dimension = dimensions[d];
            offset += dimension.step;
            if (++dimension.index < dimension.size) break;
            offset -= dimension.step * dimension.size;
            dimension.index = 0;
        }
    }
}

}  // namespace

struct PthFile::Content {
    explicit Content(const std::filesystem::path& path) : where(path.string()), map(path) {}

    void list(const detail::PthLayout& layout);

    std::string where;
    MappedFile map;
    PthFormat format = PthFormat::Zip;
    detail::PthListing listing;
    std::unordered_map<std::string_view, std::size_t> index;
};

void PthFile::Content::list(const detail::PthLayout& layout) {
    format = layout.format;
    listing = detail::listPickle(layout.tree, layout.pickleBytes, where);
    std::unordered_map<std::string_view, std::uint32_t> numbers;
    for (std::size_t i = 0; i < listing.tensors.size(); ++i) {
        auto& tensor = listing.tensors[i];
        const auto& from = layout.tree.tensors[listing.source[i]];
        const auto& storage = layout.tree.storages[from.storage];
        const auto data = layout.dataOf(storage, where);
        tensor.storage = numbers.emplace(storage.key, static_cast<std::uint32_t>(numbers.size())).first->second;
        tensor.storageOffset = from.offset + storage.viewOffset;
        const auto element = pickleDtypeBytes(from.dtype);
        tensor.fileOffset = data.offset + storage.viewOffset * pickleDtypeBytes(storage.dtype) + from.offset * element;
        tensor.bytes = element;
        for (const auto size : tensor.shape)
            tensor.bytes *= static_cast<std::size_t>(size);
        tensor.contiguous = isContiguous(tensor);
        index.emplace(tensor.name, i);
    }
}

PthFile PthFile::open(const std::filesystem::path& file) {
    auto content = std::make_shared<Content>(file);
    content->list(detail::readPthLayout(content->map.bytes(), content->where));
    return PthFile(std::move(content));
}

PthFormat PthFile::format() const { return content_->format; }
std::span<const PthTensor> PthFile::tensors() const { return content_->listing.tensors; }
std::span<const PthScalar> PthFile::scalars() const { return content_->listing.scalars; }
std::span<const PthOpaque> PthFile::opaque() const { return content_->listing.opaque; }

const PthTensor* PthFile::find(std::string_view name) const {
    const auto found = content_->index.find(name);
    return found == content_->index.end() ? nullptr : &content_->listing.tensors[found->second];
}

std::span<const std::byte> PthFile::view(const PthTensor& tensor) const {
    if (!tensor.contiguous || tensor.bytes == 0) return {};
    return content_->map.bytes().subspan(static_cast<std::size_t>(tensor.fileOffset), tensor.bytes);
}

std::vector<std::byte> PthFile::read(const PthTensor& tensor) const {
    if (tensor.bytes == 0) return {};
    const auto bytes = content_->map.bytes();
    if (tensor.bytes > bytes.size() && tensor.bytes > freeExpansion)
        throw Error(ErrorCode::BadFile,
                    "Tensor " + printable(tensor.name) + " of " + content_->where +
                        " claims more data than the whole file holds.",
                    "Save a contiguous copy of the tensor instead of an expanded view.");
    std::vector<std::byte> data(tensor.bytes);
    const auto element = pickleDtypeBytes(tensor.dtype);
    std::size_t outer = tensor.shape.size(), run = element;
    while (outer > 0 &&
           (tensor.shape[outer - 1] == 1 || static_cast<std::uint64_t>(tensor.strides[outer - 1]) == run / element))
        run *= static_cast<std::size_t>(tensor.shape[--outer]);
    gather(bytes.data() + tensor.fileOffset, tensor, outer, run, element, data.data());
    return data;
}

}  // namespace vl
