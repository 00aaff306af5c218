// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/weights_file.h"

#include <array>
#include <cstring>
#include <vector>

#include <ATen/ops/empty.h>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/safetensors.h"

namespace vl {
namespace {

struct TypeName {
    std::string_view name;
    at::ScalarType type;
};

constexpr std::array kTypes{TypeName{"F32", at::kFloat},     TypeName{"F64", at::kDouble}, TypeName{"F16", at::kHalf},
                            TypeName{"BF16", at::kBFloat16}, TypeName{"I64", at::kLong},   TypeName{"I32", at::kInt},
                            TypeName{"U8", at::kByte},       TypeName{"BOOL", at::kBool}};

at::Tensor copyOut(const TensorView& view, const std::filesystem::path& file) {
    for (const TypeName& row : kTypes) {
        if (row.name != view.dtype) continue;
        at::Tensor tensor = at::empty(view.shape, row.type);
        if (view.bytes != 0) std::memcpy(tensor.data_ptr(), view.data, view.bytes);
        return tensor;
    }
    throw Error(ErrorCode::BadFile,
                "Tensor '" + printable(view.name) + "' in " + file.string() + " has type " + printable(view.dtype) +
                    ", which this program does not read.",
                "Convert the weights to F32.");
}

std::string_view typeName(const std::string& name, at::ScalarType type) {
    for (const TypeName& row : kTypes) {
        if (row.type == type) return row.name;
    }
    throw Error(ErrorCode::Usage, "Tensor '" + name + "' has a type that a safetensors file cannot hold.",
                "Convert it to float32.");
}

}  // namespace

TensorMap readTensors(const std::filesystem::path& file, Metadata* metadata) {
    const SafetensorsFile content = SafetensorsFile::open(file);
    TensorMap tensors;
    for (const TensorView& view : content.tensors())
        tensors.emplace(view.name, copyOut(view, file));
    if (metadata) *metadata = content.metadata();
    return tensors;
}

void writeTensors(const std::filesystem::path& file, const TensorMap& tensors, const Metadata& metadata) {
    std::vector<at::Tensor> kept;  // contiguous copies must live until the file is written
    std::vector<TensorView> views;
    for (const auto& [name, tensor] : tensors) {
        kept.push_back(tensor.detach().contiguous().cpu());
        const at::Tensor& plain = kept.back();
        views.push_back({name, std::string(typeName(name, plain.scalar_type())), plain.sizes().vec(),
                         static_cast<const std::byte*>(plain.const_data_ptr()), plain.nbytes()});
    }
    writeSafetensors(file, views, metadata);
}

void saveWeights(Model& model, const std::filesystem::path& file, const Metadata& metadata) {
    writeTensors(file, stateDict(model), metadata);
}

Metadata loadWeights(Model& model, const std::filesystem::path& file) {
    Metadata metadata;
    loadStateDict(model, readTensors(file, &metadata));
    return metadata;
}

}  // namespace vl
