// SPDX-License-Identifier: Apache-2.0
#include "engine/io/checkpoint_file.h"

#include <algorithm>
#include <fstream>
#include <optional>

#include "engine/core/error.h"
#include "engine/io/safetensors.h"
#include "engine/io/safetensors_index.h"
#include "engine/io/weight_trees.h"

namespace vl {
namespace {

enum class Kind { Safetensors, Set, PyTorch };

/// Safetensors begin with a length below 2^32 and the header's brace; a table is JSON; the PyTorch reader names
/// whatever else it may be.
Kind kindOf(const std::filesystem::path& file) {
    char head[16] = {};
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error)) std::ifstream(file, std::ios::binary).read(head, sizeof head);
    if (head[8] == '{' && std::all_of(head + 4, head + 8, [](char byte) { return byte == 0; }))
        return Kind::Safetensors;
    const auto* first =
        std::find_if(head, head + sizeof head, [](char c) { return c != ' ' && c != '\n' && c != '\r' && c != '\t'; });
    if (first != head + sizeof head && *first == '{') return Kind::Set;
    const auto name = file.string();
    if (name.ends_with(".index.json")) return Kind::Set;
    return name.ends_with(".safetensors") ? Kind::Safetensors : Kind::PyTorch;
}

std::vector<std::int64_t> denseStrides(const std::vector<std::int64_t>& shape) {
    std::vector<std::int64_t> strides(shape.size());
    std::int64_t step = 1;
    for (std::size_t i = shape.size(); i-- > 0; step *= std::max<std::int64_t>(shape[i], 1))
        strides[i] = step;
    return strides;
}

/// How much of every name is a wrapper key: only where all names have one.
bool allWrapped(std::span<const TensorView> views) {
    return !views.empty() && std::all_of(views.begin(), views.end(), [](const TensorView& view) {
        const auto dot = view.name.find('.');
        return dot != std::string::npos && isWeightWrapper(std::string_view(view.name).substr(0, dot));
    });
}

std::vector<PthTensor> listed(std::span<const TensorView> views) {
    const bool wrapped = allWrapped(views);
    std::vector<PthTensor> tensors;
    tensors.reserve(views.size());
    for (const auto& view : views) {
        PthTensor tensor;
        tensor.name = view.name;
        tensor.topKeyBytes = wrapped ? view.name.find('.') : view.name.size();
        tensor.dtype = view.dtype;
        tensor.shape = view.shape;
        tensor.strides = denseStrides(view.shape);
        tensor.storage = static_cast<std::uint32_t>(tensors.size());
        tensor.device = "cpu";
        tensor.bytes = view.bytes;
        tensors.push_back(std::move(tensor));
    }
    return tensors;
}

}  // namespace

struct CheckpointFile::Content {
    std::filesystem::path path;
    std::string format;
    std::uint64_t bytes = 0;
    std::optional<SafetensorsFile> single;
    std::optional<SafetensorsSet> set;
    std::optional<PthFile> pth;
    std::span<const TensorView> views;
    std::vector<PthTensor> listing;  ///< of the views
    std::map<std::string, std::string> metadata;
};

CheckpointFile CheckpointFile::open(const std::filesystem::path& file) {
    auto content = std::make_shared<Content>();
    content->path = file;
    std::error_code error;
    switch (kindOf(file)) {
        case Kind::Safetensors:
            content->single = SafetensorsFile::open(file);
            content->views = content->single->tensors();
            content->metadata = content->single->metadata();
            content->format = "safetensors";
            break;
        case Kind::Set:
            content->set = SafetensorsSet::open(file);
            content->views = content->set->tensors();
            content->metadata = content->set->metadata();
            content->format = "safetensors shards (" + std::to_string(content->set->files()) + ")";
            break;
        case Kind::PyTorch:
            content->pth = PthFile::open(file);
            content->format = content->pth->format() == PthFormat::Zip ? "PyTorch zip" : "PyTorch legacy";
            break;
    }
    content->listing = listed(content->views);
    content->bytes = content->set ? content->set->bytes() : std::filesystem::file_size(file, error);
    return CheckpointFile(std::move(content));
}

const std::filesystem::path& CheckpointFile::path() const { return content_->path; }
const std::string& CheckpointFile::format() const { return content_->format; }
std::uint64_t CheckpointFile::bytes() const { return content_->bytes; }
const std::map<std::string, std::string>& CheckpointFile::metadata() const { return content_->metadata; }

std::span<const PthTensor> CheckpointFile::tensors() const {
    return content_->pth ? content_->pth->tensors() : content_->listing;
}
std::span<const PthScalar> CheckpointFile::scalars() const {
    return content_->pth ? content_->pth->scalars() : std::span<const PthScalar>();
}
std::span<const PthOpaque> CheckpointFile::opaque() const {
    return content_->pth ? content_->pth->opaque() : std::span<const PthOpaque>();
}

TensorData CheckpointFile::data(const PthTensor& tensor) const {
    if (!content_->pth) {
        const auto& view = content_->views[static_cast<std::size_t>(&tensor - content_->listing.data())];
        return {{view.data, view.bytes}, {}};
    }
    if (tensor.bytes == 0) return {};
    if (const auto view = content_->pth->view(tensor); !view.empty()) return {view, {}};
    TensorData data;
    data.copy = content_->pth->read(tensor);
    data.bytes = data.copy;
    return data;
}

}  // namespace vl
