// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/io/safetensors.h"

namespace vl {
namespace {

[[noreturn]] void wrong(const std::string& what) { throw Error(ErrorCode::Usage, "A safetensors file cannot be written: " + what + "."); }

void check(const TensorView& tensor) {
    std::uint64_t expected = dtypeBytes(tensor.dtype);
    if (expected == 0) wrong("unknown dtype " + tensor.dtype);
    for (const auto extent : tensor.shape)
        if (extent < 0 || __builtin_mul_overflow(expected, static_cast<std::uint64_t>(extent), &expected))
            wrong("the shape of " + tensor.name + " is impossible");
    if (expected != tensor.bytes) wrong("the data of " + tensor.name + " does not fit its shape");
    if (tensor.name == "__metadata__" || !isUtf8(tensor.name)) wrong("a tensor has a forbidden name");
}

}  // namespace

void writeSafetensors(const std::filesystem::path& file, std::span<const TensorView> tensors,
                      const std::map<std::string, std::string>& metadata) {
    std::vector<const TensorView*> sorted;
    std::set<std::string_view> names;
    for (const auto& tensor : tensors) {
        check(tensor);
        if (!names.insert(tensor.name).second) wrong("tensor " + tensor.name + " is given twice");
        sorted.push_back(&tensor);
    }
    std::sort(sorted.begin(), sorted.end(), [](const TensorView* a, const TensorView* b) {
        const auto sizeA = dtypeBytes(a->dtype), sizeB = dtypeBytes(b->dtype);
        return sizeA != sizeB ? sizeA > sizeB : a->name < b->name;
    });

    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const auto* tensor : sorted) {
        header[tensor->name] = {{"dtype", tensor->dtype}, {"shape", tensor->shape}, {"data_offsets", {offset, offset + tensor->bytes}}};
        offset += tensor->bytes;
    }
    // Text that came from outside (class names) may not be UTF-8; a replacement mark beats a lost checkpoint.
    auto text = header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    text.resize((text.size() + 7) / 8 * 8, ' ');

    std::string length(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>((static_cast<std::uint64_t>(text.size()) >> (8 * i)) & 0xff);
    AtomicFile out(file);
    out.write(length);
    out.write(text);
    for (const auto* tensor : sorted) out.write(tensor->data, tensor->bytes);
    out.commit();
}

}  // namespace vl
