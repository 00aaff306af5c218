// SPDX-License-Identifier: Apache-2.0
#include "engine/io/pth_writer.h"

#include <bit>
#include <set>
#include <string_view>
#include <unordered_map>

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/io/byte_order.h"
#include "engine/io/zip_writer.h"

namespace vl {
namespace {

using detail::appendLittleEndian;

[[noreturn]] void wrong(const std::string& what) {
    throw Error(ErrorCode::Usage, "A PyTorch file cannot be written: " + what + ".");
}

/// Classes of typed storages; the younger dtypes have none and travel as bytes with their dtype's name.
std::string_view storageClass(std::string_view dtype) {
    static const std::unordered_map<std::string_view, std::string_view> classes{
        {"F64", "DoubleStorage"}, {"F32", "FloatStorage"}, {"F16", "HalfStorage"},        {"BF16", "BFloat16Storage"},
        {"I64", "LongStorage"},   {"I32", "IntStorage"},   {"I16", "ShortStorage"},       {"I8", "CharStorage"},
        {"U8", "ByteStorage"},    {"BOOL", "BoolStorage"}, {"C64", "ComplexFloatStorage"}};
    const auto found = classes.find(dtype);
    return found == classes.end() ? std::string_view() : found->second;
}

std::string_view dtypeName(std::string_view dtype) {
    static const std::unordered_map<std::string_view, std::string_view> names{
        {"U16", "uint16"},          {"U32", "uint32"},
        {"U64", "uint64"},          {"F8_E4M3", "float8_e4m3fn"},
        {"F8_E5M2", "float8_e5m2"}, {"F8_E8M0", "float8_e8m0fnu"}};
    const auto found = names.find(dtype);
    return found == names.end() ? std::string_view() : found->second;
}

void check(const TensorView& tensor, std::set<std::string_view>& names) {
    std::uint64_t expected = dtypeBytes(tensor.dtype);
    if (storageClass(tensor.dtype).empty() && dtypeName(tensor.dtype).empty())
        wrong("unknown dtype " + printable(tensor.dtype));
    for (const auto extent : tensor.shape)
        if (extent < 0 || __builtin_mul_overflow(expected, static_cast<std::uint64_t>(extent), &expected))
            wrong("the shape of " + printable(tensor.name) + " is impossible");
    if (expected != tensor.bytes) wrong("the data of " + printable(tensor.name) + " does not fit its shape");
    if (!isUtf8(tensor.name)) wrong("the name of a tensor is not UTF-8");
    if (!names.insert(tensor.name).second) wrong("tensor " + printable(tensor.name) + " is given twice");
}

/// Emits the opcodes PyTorch itself writes, without a memo: nothing here is shared but two symbols.
class PickleWriter {
public:
    std::string stateDict(std::span<const TensorView> tensors, const PthWriteOptions& options) {
        out_ = "\x80\x02";
        if (!options.wrapper.empty()) {
            out_ += "}(";
            text(options.wrapper);
        }
        out_ += "ccollections\nOrderedDict\nq";
        out_ += orderedDict;
        out_ += ")R";
        if (!tensors.empty()) {
            out_ += '(';
            for (std::size_t i = 0; i < tensors.size(); ++i)
                tensor(tensors[i], i);
            out_ += 'u';
        }
        for (const auto& [key, value] : options.values) {
            text(key);
            std::visit([this](const auto& held) { put(held); }, value);
        }
        if (!options.wrapper.empty()) out_ += 'u';
        return out_ + '.';
    }

private:
    static constexpr char orderedDict = 1;  ///< its memo number

    void text(std::string_view value) {
        out_ += 'X';
        appendLittleEndian<std::uint32_t>(out_, value.size());
        out_ += value;
    }
    void put(bool value) { out_ += value ? '\x88' : '\x89'; }
    void put(const std::string& value) { text(value); }
    void put(std::int64_t value) {
        out_ += "\x8a\x08";
        appendLittleEndian<std::uint64_t>(out_, value);
    }
    void put(double value) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        out_ += 'G';
        for (int shift = 56; shift >= 0; shift -= 8)
            out_ += static_cast<char>((bits >> shift) & 0xff);
    }
    void sizes(const std::vector<std::int64_t>& values) {
        out_ += '(';
        for (const auto value : values)
            put(value);
        out_ += 't';
    }

    /// name, _rebuild_tensor(persistent id, offset, size, stride, requires_grad, hooks [, dtype])
    void tensor(const TensorView& view, std::size_t key) {
        const auto typed = storageClass(view.dtype);
        text(view.name);
        out_ += typed.empty() ? "ctorch._utils\n_rebuild_tensor_v3\n((" : "ctorch._utils\n_rebuild_tensor_v2\n((";
        text("storage");
        out_ += typed.empty() ? "ctorch.storage\nUntypedStorage\n" : "ctorch\n" + std::string(typed) + "\n";
        text(std::to_string(key));
        text("cpu");
        put(static_cast<std::int64_t>(typed.empty() ? view.bytes : view.bytes / dtypeBytes(view.dtype)));
        out_ += "tQ";
        put(std::int64_t{0});
        sizes(view.shape);
        std::vector<std::int64_t> strides(view.shape.size(), 1);
        for (std::size_t i = strides.size(); i-- > 1;)
            strides[i - 1] = view.bytes == 0 ? 1 : strides[i] * view.shape[i];
        sizes(strides);
        out_ += "\x89h";
        out_ += orderedDict;
        out_ += ")R";
        if (typed.empty()) out_ += "ctorch\n" + std::string(dtypeName(view.dtype)) + "\n";
        out_ += "tR";
    }

    std::string out_;
};

}  // namespace

void writePth(const std::filesystem::path& file, std::span<const TensorView> tensors, const PthWriteOptions& options) {
    std::set<std::string_view> names, keys{options.wrapper};
    for (const auto& tensor : tensors)
        check(tensor, names);
    if (options.wrapper.empty() && !options.values.empty()) wrong("values need a key to keep the weights under");
    if (!isUtf8(options.wrapper)) wrong("the key of the weights is not UTF-8");
    for (const auto& [key, value] : options.values) {
        const auto* text = std::get_if<std::string>(&value);
        if (!isUtf8(key) || (text && !isUtf8(*text))) wrong("a value is not UTF-8");
        if (!keys.insert(key).second) wrong("value " + printable(key) + " is given twice");
    }
    AtomicFile out(file);
    ZipWriter zip(out);
    zip.add("archive/data.pkl", PickleWriter().stateDict(tensors, options));
    zip.add("archive/byteorder", std::string_view("little"));
    for (std::size_t i = 0; i < tensors.size(); ++i)
        zip.add("archive/data/" + std::to_string(i), std::span(tensors[i].data, tensors[i].bytes));
    zip.add("archive/version", std::string_view("3\n"));
    zip.finish();
    out.commit();
}

}  // namespace vl
