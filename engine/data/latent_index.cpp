// SPDX-License-Identifier: Apache-2.0
#include "engine/data/latent_index.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string_view>

#include <nlohmann/json.hpp>

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/io/strict_json.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1, kMostSide = 4096, kMostChannels = 1024;
constexpr std::int64_t kMostPictures = 100'000'000;
constexpr std::uintmax_t kMostListBytes = std::uintmax_t{16} << 30;
constexpr const char* kAdvice = "Encode the pictures again into an empty folder.";

fs::path listFile(const fs::path& cache) { return cache / "pictures.txt"; }

[[noreturn]] void refuse(const fs::path& file, const std::string& what) {
    throw Error(ErrorCode::BadFile, file.string() + " " + what + ".", kAdvice);
}

std::int64_t wholeNumber(const Json& object, const char* key, std::int64_t least, std::int64_t most,
                         const fs::path& file) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number_integer()) refuse(file, std::string("does not say ") + key);
    const bool huge = found->is_number_unsigned() && found->get<std::uint64_t>() > static_cast<std::uint64_t>(most);
    const auto value = huge ? most : found->get<std::int64_t>();
    if (huge || value < least || value > most) refuse(file, std::string("gives an impossible ") + key);
    return value;
}

std::string text(const Json& object, const char* key, const fs::path& file) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string()) refuse(file, std::string("does not say ") + key);
    return found->get<std::string>();
}

const Json& list(const Json& object, const char* key, const fs::path& file) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) refuse(file, std::string("holds no list of ") + key);
    return *found;
}

/// The first number of a line and the blank after it, taken off.
std::uint64_t takeNumber(std::string_view& line, const fs::path& file) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    const auto used = static_cast<std::size_t>(end - line.data());
    if (error != std::errc() || used == line.size() || line[used] != ' ') refuse(file, "has a line that is no picture");
    line.remove_prefix(used + 1);
    return value;
}

std::vector<LatentPicture> readPictures(const fs::path& file, std::size_t classes) {
    const std::string bytes = readTextFile(file, kMostListBytes);
    std::vector<LatentPicture> pictures;
    for (std::size_t begin = 0; begin < bytes.size();) {
        const auto end = bytes.find('\n', begin);
        if (end == std::string::npos) refuse(file, "is cut off");
        std::string_view line(bytes.data() + begin, end - begin);
        LatentPicture picture;
        const auto label = takeNumber(line, file);
        picture.bytes = takeNumber(line, file);
        if (label >= classes) refuse(file, "names a class that is not in the index");
        if (line.empty()) refuse(file, "has a line that is no picture");
        picture.label = static_cast<int>(label);
        picture.file = line;
        pictures.push_back(std::move(picture));
        begin = end + 1;
    }
    return pictures;
}

/// Every picture of a finished shard has an encoding or is left out, and none twice.
void checkProgress(const LatentIndex& index, const fs::path& file) {
    if (static_cast<std::int64_t>(index.shardRows.size()) > index.shards())
        refuse(file, "names more parts than there are");
    auto left = index.leftOut.begin();
    const auto pictures = static_cast<std::int64_t>(index.pictures.size());
    for (std::size_t shard = 0; shard < index.shardRows.size(); ++shard) {
        const auto first = static_cast<std::int64_t>(shard) * index.perShard;
        const auto last = std::min(first + index.perShard, pictures);
        std::int64_t missing = 0, before = first - 1;
        for (; left != index.leftOut.end() && left->picture < last; ++left, ++missing) {
            if (left->picture <= before) refuse(file, "leaves pictures out in a wrong order");
            before = left->picture;
        }
        if (index.shardRows[shard] != last - first - missing)
            refuse(file, "counts another number of encodings than pictures");
    }
    if (left != index.leftOut.end()) refuse(file, "leaves out pictures that it has not come to");
}

LatentIndex parseIndex(const Json& json, const fs::path& file) {
    if (!json.is_object() || json.value("format", Json()) != "visionllama latents")
        refuse(file, "is not the index of a cache of latents");
    if (wholeNumber(json, "version", 1, 1'000'000, file) != kVersion)
        throw Error(ErrorCode::Unsupported, file.string() + " is of a later version.",
                    "Use a newer release, or encode again.");
    LatentIndex index;
    index.pictureSize = static_cast<int>(wholeNumber(json, "picture_size", 1, 65536, file));
    index.side = static_cast<int>(wholeNumber(json, "side", 1, kMostSide, file));
    index.channels = static_cast<int>(wholeNumber(json, "channels", 1, kMostChannels, file));
    index.dtype = text(json, "dtype", file);
    if (index.dtype != "F16" && index.dtype != "F32") refuse(file, "names a number type other than F16 and F32");
    const Json& scale = json.value("scale", Json());
    if (!scale.is_number() || !(scale.get<double>() > 0 && scale.get<double>() < 1e6))
        refuse(file, "gives an impossible scale");
    index.scale = scale.get<double>();
    index.autoencoder = text(json, "autoencoder", file);
    index.autoencoderHash = text(json, "autoencoder_sha256", file);
    index.folder = text(json, "folder", file);
    for (const Json& name : list(json, "classes", file)) {
        if (!name.is_string()) refuse(file, "has a class without a name");
        index.classNames.push_back(name.get<std::string>());
    }
    if (index.classNames.empty()) refuse(file, "names no class");
    index.perShard = wholeNumber(json, "pictures_per_part", 1, kMostPictures, file);
    for (const Json& rows : list(json, "parts", file)) {
        if (!rows.is_number_unsigned() || rows.get<std::uint64_t>() > static_cast<std::uint64_t>(index.perShard))
            refuse(file, "gives an impossible number of encodings");
        index.shardRows.push_back(rows.get<std::int64_t>());
    }
    for (const Json& left : list(json, "left_out", file)) {
        if (!left.is_object()) refuse(file, "leaves out something that is no picture");
        index.leftOut.push_back({wholeNumber(left, "picture", 0, kMostPictures, file), text(left, "problem", file)});
    }
    return index;
}

}  // namespace

std::int64_t LatentIndex::shards() const {
    const auto count = static_cast<std::int64_t>(pictures.size());
    return (count + perShard - 1) / perShard;
}

fs::path latentIndexFile(const fs::path& cache) { return cache / "index.json"; }

fs::path latentShardFile(const fs::path& cache, std::int64_t shard) {
    char name[48];
    std::snprintf(name, sizeof name, "latents-%05lld.safetensors", static_cast<long long>(shard));
    return cache / name;
}

LatentIndex readLatentIndex(const fs::path& cache) {
    const auto file = latentIndexFile(cache);
    std::error_code error;
    if (!fs::exists(file, error))
        throw Error(ErrorCode::NotFound, cache.string() + " is not a cache of latents: it holds no index.json.",
                    "Make one with `visionllama encode-latents`.");
    LatentIndex index = parseIndex(detail::parseStrictJson(readTextFile(file), file.string()), file);
    index.pictures = readPictures(listFile(cache), index.classNames.size());
    if (index.pictures.empty()) refuse(listFile(cache), "names no picture");
    checkProgress(index, file);
    return index;
}

void writeLatentIndex(const fs::path& cache, const LatentIndex& index, bool withPictures) {
    if (withPictures) {
        AtomicFile list(listFile(cache));
        for (const LatentPicture& picture : index.pictures)
            list.write(std::to_string(picture.label) + " " + std::to_string(picture.bytes) + " " + picture.file + "\n");
        list.commit();
    }
    nlohmann::ordered_json json{{"format", "visionllama latents"},
                                {"version", kVersion},
                                {"picture_size", index.pictureSize},
                                {"side", index.side},
                                {"channels", index.channels},
                                {"scale", index.scale},
                                {"dtype", index.dtype},
                                {"autoencoder", index.autoencoder},
                                {"autoencoder_sha256", index.autoencoderHash},
                                {"folder", index.folder},
                                {"classes", index.classNames},
                                {"pictures_per_part", index.perShard},
                                {"parts", index.shardRows},
                                {"left_out", nlohmann::ordered_json::array()}};
    for (const auto& left : index.leftOut)
        json["left_out"].push_back({{"picture", left.picture}, {"problem", left.problem}});
    // Names that are not UTF-8 are shown as well as they can be.
    const auto readable = nlohmann::ordered_json::error_handler_t::replace;
    writeFileAtomically(latentIndexFile(cache), json.dump(1, ' ', false, readable) + "\n");
}

bool fitsPictureList(const std::string& file) { return file.find('\n') == std::string::npos; }

}  // namespace vl
