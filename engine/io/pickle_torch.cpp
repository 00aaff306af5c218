// SPDX-License-Identifier: Apache-2.0
// What PyTorch's own callables mean: torch/_utils.py, torch/storage.py.
#include <array>
#include <utility>

#include "engine/core/text.h"
#include "engine/io/pickle_builder.h"

namespace vl {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array storageClasses{
    Pair{"DoubleStorage", "F64"},    Pair{"FloatStorage", "F32"},        Pair{"HalfStorage", "F16"},
    Pair{"BFloat16Storage", "BF16"}, Pair{"LongStorage", "I64"},         Pair{"IntStorage", "I32"},
    Pair{"ShortStorage", "I16"},     Pair{"CharStorage", "I8"},          Pair{"ByteStorage", "U8"},
    Pair{"BoolStorage", "BOOL"},     Pair{"ComplexFloatStorage", "C64"}, Pair{"ComplexDoubleStorage", "C128"},
    Pair{"UntypedStorage", "U8"},    Pair{"QInt8Storage", "I8"},         Pair{"QUInt8Storage", "U8"},
    Pair{"QInt32Storage", "I32"}};

constexpr std::array dtypeNames{Pair{"float64", "F64"},
                                Pair{"double", "F64"},
                                Pair{"float32", "F32"},
                                Pair{"float", "F32"},
                                Pair{"float16", "F16"},
                                Pair{"half", "F16"},
                                Pair{"bfloat16", "BF16"},
                                Pair{"int64", "I64"},
                                Pair{"long", "I64"},
                                Pair{"int32", "I32"},
                                Pair{"int", "I32"},
                                Pair{"int16", "I16"},
                                Pair{"short", "I16"},
                                Pair{"int8", "I8"},
                                Pair{"uint8", "U8"},
                                Pair{"uint16", "U16"},
                                Pair{"uint32", "U32"},
                                Pair{"uint64", "U64"},
                                Pair{"bool", "BOOL"},
                                Pair{"complex64", "C64"},
                                Pair{"cfloat", "C64"},
                                Pair{"complex128", "C128"},
                                Pair{"cdouble", "C128"},
                                Pair{"float8_e4m3fn", "F8_E4M3"},
                                Pair{"float8_e5m2", "F8_E5M2"},
                                Pair{"float8_e8m0fnu", "F8_E8M0"}};

constexpr std::size_t maxDimensions = 32;

template <std::size_t N>
std::string_view lookUp(const std::array<Pair, N>& table, std::string_view key) {
    for (const auto& [name, value] : table)
        if (name == key) return value;
    return {};
}

bool removePrefix(std::string_view& text, std::string_view prefix) {
    if (text.substr(0, prefix.size()) != prefix) return false;
    text.remove_prefix(prefix.size());
    return true;
}

}  // namespace

std::size_t pickleDtypeBytes(std::string_view dtype) {
    if (dtype == "C128") return 16;
    if (dtype == "F64" || dtype == "I64" || dtype == "U64" || dtype == "C64") return 8;
    if (dtype == "F32" || dtype == "I32" || dtype == "U32") return 4;
    if (dtype == "F16" || dtype == "BF16" || dtype == "I16" || dtype == "U16") return 2;
    return dtype == "I8" || dtype == "U8" || dtype == "BOOL" || dtype.substr(0, 3) == "F8_" ? 1 : 0;
}

namespace detail {
namespace {

std::vector<std::int64_t> sizes(const PickleBuilder& builder, PickleId id, const char* what) {
    const auto& tuple = builder.node(id);
    if ((tuple.kind != PickleKind::Tuple && tuple.kind != PickleKind::List) || tuple.items.size() > maxDimensions)
        builder.bad(std::string("a tensor has a malformed ") + what);
    std::vector<std::int64_t> values;
    for (const auto item : tuple.items) {
        if (builder.node(item).kind != PickleKind::Int || builder.node(item).integer < 0)
            builder.bad(std::string("a tensor has an impossible ") + what);
        values.push_back(builder.node(item).integer);
    }
    return values;
}

/// Elements from the first to one past the last a strided tensor touches.
std::uint64_t extentOf(const PickleBuilder& builder, const PickleTensor& tensor) {
    std::uint64_t last = 0, count = 1;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        std::uint64_t reach = 0;
        const auto size = static_cast<std::uint64_t>(tensor.shape[i]);
        if (size == 0) return 0;
        if (__builtin_mul_overflow(count, size, &count) ||
            __builtin_mul_overflow(size - 1, static_cast<std::uint64_t>(tensor.strides[i]), &reach) ||
            __builtin_add_overflow(last, reach, &last) || count > (std::uint64_t{1} << 58))
            builder.bad("the shape of a tensor is too large");
    }
    if (last == UINT64_MAX) builder.bad("the shape of a tensor is too large");
    return last + 1;
}

/// (storage, offset, size, stride, ...): the common beginning of every _rebuild_tensor.
PickleId rebuildTensor(PickleBuilder& builder, const PickleNode& arguments, std::string_view dtype) {
    const auto& items = arguments.items;
    if (items.size() < 4 || builder.node(items[0]).kind != PickleKind::Storage ||
        builder.node(items[1]).kind != PickleKind::Int || builder.node(items[1]).integer < 0)
        builder.bad("a tensor is described in an unknown way");
    PickleTensor tensor;
    tensor.storage = static_cast<std::uint32_t>(builder.node(items[0]).integer);
    const auto& storage = builder.tree().storages[tensor.storage];
    tensor.dtype = dtype.empty() ? storage.dtype : dtype;
    tensor.offset = static_cast<std::uint64_t>(builder.node(items[1]).integer);
    tensor.shape = sizes(builder, items[2], "size");
    tensor.strides = sizes(builder, items[3], "stride");
    if (tensor.shape.size() != tensor.strides.size()) builder.bad("a tensor has a malformed stride");
    tensor.extent = extentOf(builder, tensor);

    std::uint64_t end = 0, available = 0;
    const bool fits = !__builtin_add_overflow(tensor.offset, tensor.extent, &end) &&
                      !__builtin_mul_overflow(end, pickleDtypeBytes(tensor.dtype), &end) &&
                      !__builtin_mul_overflow(storage.elements, pickleDtypeBytes(storage.dtype), &available);
    if (!fits || (tensor.extent > 0 && end > available)) builder.bad("a tensor reaches beyond its storage");
    return builder.addTensor(std::move(tensor));
}

/// Lazily conjugated or negated tensors would need arithmetic to read; they are kept as objects.
bool isPlainTensor(const PickleBuilder& builder, const PickleNode& arguments, std::size_t metadata) {
    if (arguments.items.size() <= metadata) return true;
    const auto& node = builder.node(arguments.items[metadata]);
    for (std::size_t i = 1; i < node.items.size(); i += 2)
        if (builder.node(node.items[i]).kind == PickleKind::Bool && builder.node(node.items[i]).integer) return false;
    return true;
}

PickleId rebuild(PickleBuilder& builder, std::string_view name, const PickleNode& arguments) {
    if (name == "_rebuild_tensor") return rebuildTensor(builder, arguments, {});
    if (name == "_rebuild_tensor_v2")
        return isPlainTensor(builder, arguments, 6) ? rebuildTensor(builder, arguments, {}) : noPickle;
    if (name == "_rebuild_tensor_v3") {
        if (arguments.items.size() < 7 || !isPlainTensor(builder, arguments, 7)) return noPickle;
        const auto dtype = dtypeOfSymbol(builder.node(arguments.items[6]).text);
        return dtype.empty() ? noPickle : rebuildTensor(builder, arguments, dtype);
    }
    if ((name == "_rebuild_parameter" || name == "_rebuild_parameter_with_state") && !arguments.items.empty()) {
        const auto& data = builder.node(arguments.items[0]);
        if (data.kind != PickleKind::Tensor) return arguments.items[0];
        auto copy = builder.tree().tensors[static_cast<std::size_t>(data.integer)];
        copy.parameter = true;
        return builder.addTensor(std::move(copy));
    }
    return noPickle;
}

}  // namespace

std::string_view dtypeOfStorageClass(std::string_view name) {
    for (const std::string_view module : {"torch.cuda.", "torch.storage.", "torch."})
        if (removePrefix(name, module)) return lookUp(storageClasses, name);
    return {};
}

std::string_view dtypeOfSymbol(std::string_view name) {
    return removePrefix(name, "torch.") ? lookUp(dtypeNames, name) : std::string_view{};
}

PickleId callTorch(PickleBuilder& builder, std::string_view name, const PickleNode& arguments) {
    const auto& items = arguments.items;
    if (name == "torch._tensor._rebuild_from_type_v2" && items.size() >= 3) {  // (function, type, arguments, state)
        const auto& function = builder.node(items[0]);
        auto inner = function.text;
        if (function.kind != PickleKind::Symbol || !removePrefix(inner, "torch._utils.") ||
            builder.node(items[2]).kind != PickleKind::Tuple)
            return noPickle;
        return rebuild(builder, inner, builder.node(items[2]));
    }
    if (name == "torch.Size" && items.size() == 1 && builder.node(items[0]).kind == PickleKind::Tuple) return items[0];
    if (name == "torch.device" && !items.empty() && builder.node(items[0]).kind == PickleKind::String) {
        if (items.size() < 2 || builder.node(items[1]).kind != PickleKind::Int) return items[0];
        return builder.ownText(PickleKind::String, std::string(builder.node(items[0]).text) + ":" +
                                                       std::to_string(builder.node(items[1]).integer));
    }
    return removePrefix(name, "torch._utils.") ? rebuild(builder, name, arguments) : noPickle;
}

}  // namespace detail
}  // namespace vl
