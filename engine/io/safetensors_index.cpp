// SPDX-License-Identifier: Apache-2.0
#include "engine/io/safetensors_index.h"

#include <nlohmann/json.hpp>

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/io/strict_json.h"

namespace vl {
namespace {

constexpr std::uintmax_t kMaxIndexBytes = 100'000'000;
constexpr std::size_t kMaxFiles = 4096, kMaxTensors = 1'000'000;

[[noreturn]] void bad(const std::string& index, const std::string& what) {
    throw Error(ErrorCode::BadFile, index + " is not a sound table of safetensors files: " + what + ".",
                "Fetch the table and all of its files again.");
}

/// A name that stays inside the folder whatever the file system makes of it.
bool staysInside(const std::string& name) {
    const std::filesystem::path path(name);
    if (name.empty() || name.size() > 1024 || name.find('\0') != std::string::npos || path.is_absolute()) return false;
    if (name.find('\\') != std::string::npos || !path.has_filename()) return false;
    for (const auto& part : path)
        if (part == "..") return false;
    return true;
}

}  // namespace

struct SafetensorsSet::Content {
    const SafetensorsFile& file(const std::filesystem::path& folder, const std::string& name, const std::string& index);

    std::map<std::string, SafetensorsFile> files;
    std::vector<TensorView> tensors;
    std::uint64_t bytes = 0;
    std::map<std::string, std::string> metadata;
};

const SafetensorsFile& SafetensorsSet::Content::file(const std::filesystem::path& folder, const std::string& name,
                                                     const std::string& index) {
    if (const auto known = files.find(name); known != files.end()) return known->second;
    if (!staysInside(name)) bad(index, "it points to " + printable(name) + ", outside its folder");
    if (files.size() >= kMaxFiles) bad(index, "it names too many files");
    const auto path = folder / name;
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        throw Error(ErrorCode::NotFound, "The file " + printable(name) + ", a part of " + index + ", is not there.",
                    "Put all files of the set into one folder.");
    const auto& opened = files.emplace(name, SafetensorsFile::open(path)).first->second;
    bytes += std::filesystem::file_size(path, error);
    if (metadata.empty()) metadata = opened.metadata();
    return opened;
}

SafetensorsSet SafetensorsSet::open(const std::filesystem::path& index) {
    const auto where = index.string();
    const auto text = readTextFile(index, kMaxIndexBytes);
    if (!isUtf8(text)) bad(where, "it is not UTF-8");
    const auto json = detail::parseStrictJson(text, where, 6);
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
        bad(where, "it has no weight_map");
    const auto& map = json["weight_map"];
    if (map.empty() || map.size() > kMaxTensors) bad(where, "it names no tensors, or too many");

    auto content = std::make_shared<Content>();
    for (const auto& [name, place] : map.items()) {
        if (!place.is_string()) bad(where, "tensor " + printable(name) + " has no file");
        const auto& fileName = place.get_ref<const std::string&>();
        const auto* view = content->file(index.parent_path(), fileName, where).find(name);
        if (!view) bad(where, "tensor " + printable(name) + " is not in " + printable(fileName));
        content->tensors.push_back(*view);
    }
    return SafetensorsSet(std::move(content));
}

std::span<const TensorView> SafetensorsSet::tensors() const { return content_->tensors; }
std::size_t SafetensorsSet::files() const { return content_->files.size(); }
std::uint64_t SafetensorsSet::bytes() const { return content_->bytes; }
const std::map<std::string, std::string>& SafetensorsSet::metadata() const { return content_->metadata; }

}  // namespace vl
