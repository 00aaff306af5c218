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

constexpr std::array kTypes{TypeName{"F32", at::kFloat},
                            TypeName{"F64", at::kDouble},
                            TypeName{"F16", at::kHalf},
                            TypeName{"BF16", at::kBFloat16},
                            TypeName{"F8_E4M3", at::kFloat8_e4m3fn},
                            TypeName{"F8_E5M2", at::kFloat8_e5m2},
                            TypeName{"F8_E8M0", at::kFloat8_e8m0fnu},
                            TypeName{"I64", at::kLong},
                            TypeName{"I32", at::kInt},
                            TypeName{"I16", at::kShort},
                            TypeName{"I8", at::kChar},
                            TypeName{"U64", at::kUInt64},
                            TypeName{"U32", at::kUInt32},
                            TypeName{"U16", at::kUInt16},
                            TypeName{"U8", at::kByte},
                            TypeName{"BOOL", at::kBool},
                            TypeName{"C64", at::kComplexFloat},
                            TypeName{"C128", at::kComplexDouble}};

at::Tensor copyOut(const TensorView& view, const std::filesystem::path& file) {
    if (const auto type = torchType(view.dtype)) {
        at::Tensor tensor = at::empty(view.shape, *type);
        if (view.bytes != 0) std::memcpy(tensor.data_ptr(), view.data, view.bytes);
        return tensor;
    }
    throw Error(ErrorCode::BadFile,
                "Tensor '" + printable(view.name) + "' in " + file.string() + " has type " + printable(view.dtype) +
                    ", which this program does not read.",
                "Convert the weights to F32.");
}

}  // namespace

std::optional<at::ScalarType> torchType(std::string_view dtype) {
    for (const TypeName& row : kTypes)
        if (row.name == dtype) return row.type;
    return std::nullopt;
}

std::string_view dtypeName(at::ScalarType type) {
    for (const TypeName& row : kTypes)
        if (row.type == type) return row.name;
    return {};
}

TensorView viewOf(const std::string& name, const at::Tensor& tensor) {
    const auto dtype = dtypeName(tensor.scalar_type());
    if (dtype.empty() || dtype == "C128")
        throw Error(ErrorCode::Usage, "Tensor '" + printable(name) + "' has a type that a weights file cannot hold.",
                    "Convert it to float32.");
    return {name, std::string(dtype), tensor.sizes().vec(), static_cast<const std::byte*>(tensor.const_data_ptr()),
            tensor.nbytes()};
}

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
        views.push_back(viewOf(name, kept.back()));
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
