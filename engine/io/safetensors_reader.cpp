// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/mapped_file.h"
#include "engine/io/safetensors.h"
#include "engine/io/strict_json.h"

namespace vl {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t maxHeader = 100'000'000;  // the limit of the published reader
constexpr std::size_t maxTensors = 1'000'000;
constexpr std::size_t maxDimensions = 32;

struct Range {
    std::uint64_t begin = 0, end = 0;
};

[[noreturn]] void bad(const std::string& file, const std::string& what) {
    throw Error(ErrorCode::BadFile, file + " is not a sound safetensors file: " + what + ".",
                "The file is damaged, incomplete or of another kind; fetch or write it again.");
}

std::string_view headerText(const std::string& file, std::span<const std::byte> bytes) {
    if (bytes.size() < 8) bad(file, "it is shorter than its length field");
    std::uint64_t length = 0;
    for (int i = 7; i >= 0; --i) length = (length << 8) | std::to_integer<std::uint64_t>(bytes[static_cast<std::size_t>(i)]);
    if (length > maxHeader || length > bytes.size() - 8) bad(file, "its header is longer than the file");
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<std::size_t>(length));
    if (text.empty() || text.front() != '{') bad(file, "its header does not begin with {");
    if (!isUtf8(text)) bad(file, "its header is not UTF-8");
    return text;
}

/// nlohmann stores every non-negative whole number as unsigned; anything else (negative, 1.0, "1") is refused.
std::uint64_t wholeNumber(const Json& value, const std::string& file, const std::string& tensor) {
    if (!value.is_number_unsigned()) bad(file, "tensor " + tensor + " has a size that is not a whole number");
    return value.get<std::uint64_t>();
}

TensorView readEntry(const std::string& file, const std::string& name, const Json& entry, Range& range) {
    const auto shown = printable(name);
    if (!entry.is_object() || entry.size() != 3 || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets"))
        bad(file, "tensor " + shown + " lacks dtype, shape or data_offsets");
    const auto &dtype = entry["dtype"], &shape = entry["shape"], &offsets = entry["data_offsets"];
    if (!dtype.is_string() || !shape.is_array() || !offsets.is_array() || offsets.size() != 2 || shape.size() > maxDimensions)
        bad(file, "tensor " + shown + " has a malformed dtype, shape or data_offsets");

    TensorView view{name, dtype.get<std::string>(), {}, nullptr, 0};
    std::uint64_t expected = dtypeBytes(view.dtype);
    if (expected == 0) bad(file, "tensor " + shown + " has the unknown dtype " + printable(view.dtype, 16));
    for (const auto& extent : shape) {
        const auto size = wholeNumber(extent, file, shown);
        if (size > static_cast<std::uint64_t>(INT64_MAX) || __builtin_mul_overflow(expected, size, &expected))
            bad(file, "the shape of tensor " + shown + " is too large");
        view.shape.push_back(static_cast<std::int64_t>(size));
    }
    range = {wholeNumber(offsets[0], file, shown), wholeNumber(offsets[1], file, shown)};
    if (range.end < range.begin || range.end - range.begin != expected)
        bad(file, "the data of tensor " + shown + " does not have the size its shape asks for");
    view.bytes = static_cast<std::size_t>(expected);
    return view;
}

std::map<std::string, std::string> readMetadata(const std::string& file, const Json& entry) {
    std::map<std::string, std::string> metadata;
    if (!entry.is_object()) bad(file, "__metadata__ is not a table");
    for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) bad(file, "__metadata__ holds something that is not text");
        metadata.emplace(key, value.get<std::string>());
    }
    return metadata;
}

}  // namespace

struct SafetensorsFile::Content {
    explicit Content(const std::filesystem::path& path) : map(path) {}

    void parse(const std::string& file);
    void place(const std::string& file, std::vector<std::pair<Range, TensorView>>& entries, std::span<const std::byte> data);

    MappedFile map;
    std::vector<std::max_align_t> copy;  ///< of the data, for old files whose data starts at an odd place
    std::vector<TensorView> tensors;
    std::unordered_map<std::string_view, std::size_t> index;
    std::map<std::string, std::string> metadata;
};

void SafetensorsFile::Content::parse(const std::string& file) {
    const auto bytes = map.bytes();
    const auto text = headerText(file, bytes);
    const auto header = detail::parseStrictJson(text, "The header of " + file, 4);
    if (header.size() > maxTensors) bad(file, "it names too many tensors");

    std::vector<std::pair<Range, TensorView>> entries;
    for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__") {
            metadata = readMetadata(file, entry);
            continue;
        }
        Range range;
        auto view = readEntry(file, name, entry, range);
        entries.emplace_back(range, std::move(view));
    }
    std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
        return std::pair(a.first.begin, a.first.end) < std::pair(b.first.begin, b.first.end);
    });
    place(file, entries, bytes.subspan(8 + text.size()));
}

void SafetensorsFile::Content::place(const std::string& file, std::vector<std::pair<Range, TensorView>>& entries,
                                     std::span<const std::byte> data) {
    std::uint64_t end = 0;
    for (const auto& [range, view] : entries) {
        if (range.begin != end) bad(file, "the data of tensor " + printable(view.name) + " leaves a hole or overlaps another");
        end = range.end;
    }
    if (end != data.size()) bad(file, "its data ends at another place than the file");

    const std::byte* base = data.data();
    if (reinterpret_cast<std::uintptr_t>(base) % 8 != 0 && !data.empty()) {
        copy.resize((data.size() + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t));
        std::memcpy(copy.data(), data.data(), data.size());
        base = reinterpret_cast<const std::byte*>(copy.data());
    }
    for (auto& [range, view] : entries) {
        if (range.begin % std::min<std::size_t>(dtypeBytes(view.dtype), 8) != 0)
            bad(file, "the data of tensor " + printable(view.name) + " is not aligned to its element size");
        view.data = base + range.begin;
        tensors.push_back(std::move(view));
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) index.emplace(tensors[i].name, i);
}

std::size_t dtypeBytes(std::string_view dtype) {
    static const std::unordered_map<std::string_view, std::size_t> sizes{
        {"F64", 8}, {"I64", 8}, {"U64", 8}, {"C64", 8}, {"F32", 4}, {"I32", 4}, {"U32", 4}, {"F16", 2}, {"BF16", 2}, {"I16", 2},
        {"U16", 2}, {"I8", 1}, {"U8", 1}, {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"F8_E8M0", 1}};
    const auto found = sizes.find(dtype);
    return found == sizes.end() ? 0 : found->second;
}

SafetensorsFile SafetensorsFile::open(const std::filesystem::path& file) {
    auto content = std::make_shared<Content>(file);
    content->parse(file.string());
    return SafetensorsFile(std::move(content));
}

std::span<const TensorView> SafetensorsFile::tensors() const { return content_->tensors; }

const TensorView* SafetensorsFile::find(std::string_view name) const {
    const auto found = content_->index.find(name);
    return found == content_->index.end() ? nullptr : &content_->tensors[found->second];
}

const std::map<std::string, std::string>& SafetensorsFile::metadata() const { return content_->metadata; }

}  // namespace vl
