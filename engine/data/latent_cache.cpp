// SPDX-License-Identifier: Apache-2.0
#include "engine/data/latent_cache.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/core/error.h"
#include "engine/io/number_formats.h"

namespace vl {
namespace {

constexpr float kLeastLogVariance = -30, kMostLogVariance = 20;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
    throw Error(ErrorCode::BadFile, file.string() + " " + what + ".",
                "Delete it and encode the pictures again; the other parts are kept.");
}

void toFloats(const std::byte* from, std::size_t count, bool half, float* out) {
    if (!half) {
        std::memcpy(out, from, count * sizeof(float));
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t bits;
        std::memcpy(&bits, from + 2 * i, sizeof bits);
        out[i] = halfToFloat(bits);
    }
}

/// Adds deviation * noise to `values`, by Box and Muller: two uniform numbers give two normal ones.
void addNoise(float* values, const float* logVariance, std::size_t count, const RandomStream& noise) {
    for (std::size_t i = 0; i < count; i += 2) {
        const auto [first, second] = noise.normals(i);
        values[i] += std::exp(0.5f * logVariance[i]) * static_cast<float>(first);
        if (i + 1 < count) values[i + 1] += std::exp(0.5f * logVariance[i + 1]) * static_cast<float>(second);
    }
}

}  // namespace

LatentShard::LatentShard(const std::filesystem::path& file, const LatentIndex& index, std::int64_t shard,
                         std::int64_t rows)
    : file_(SafetensorsFile::open(file)), elements_(index.elements()), half_(index.dtype == "F16") {
    const std::vector<std::int64_t> shape{rows, index.channels, index.side, index.side};
    const auto dataOf = [&](const char* name) {
        const TensorView* tensor = file_.find(name);
        if (!tensor || tensor->dtype != index.dtype || tensor->shape != shape)
            refuse(file, "does not hold the encodings that the index tells of");
        return tensor->data;
    };
    straight_ = {dataOf("mean"), dataOf("log_variance")};
    mirrored_ = {dataOf("mirrored_mean"), dataOf("mirrored_log_variance")};
    const TensorView* pictures = file_.find("picture");
    if (!pictures || pictures->dtype != "I64" || pictures->shape != std::vector<std::int64_t>{rows})
        refuse(file, "does not say which pictures it holds");
    pictures_.resize(static_cast<std::size_t>(rows));
    if (rows > 0) std::memcpy(pictures_.data(), pictures->data, pictures->bytes);
    const auto first = shard * index.perShard;
    const auto last = std::min(first + index.perShard, static_cast<std::int64_t>(index.pictures.size()));
    for (std::int64_t row = 0, next = first; row < rows; ++row) {
        const auto picture = pictures_[static_cast<std::size_t>(row)];
        if (picture < next || picture >= last) refuse(file, "holds other pictures than the index tells of");
        next = picture + 1;
    }
}

void LatentShard::moments(std::int64_t row, bool mirrored, float* mean, float* logVariance) const {
    picture(row);  // checks the row
    const Rows& rows = mirrored ? mirrored_ : straight_;
    const std::size_t offset = static_cast<std::size_t>(row) * elements_ * (half_ ? 2 : 4);
    toFloats(rows.mean + offset, elements_, half_, mean);
    toFloats(rows.logVariance + offset, elements_, half_, logVariance);
    for (std::size_t i = 0; i < elements_; ++i)
        logVariance[i] = std::clamp(logVariance[i], kLeastLogVariance, kMostLogVariance);
}

std::shared_ptr<const LatentCache> LatentCache::open(const std::filesystem::path& folder) {
    std::shared_ptr<LatentCache> cache(new LatentCache(readLatentIndex(folder)));
    const LatentIndex& index = cache->index_;
    if (!index.finished())
        throw Error(ErrorCode::BadFile,
                    folder.string() + " is not finished: " + std::to_string(index.shardRows.size()) + " of " +
                        std::to_string(index.shards()) + " parts are there.",
                    "Run `visionllama encode-latents` again; it goes on where it stopped.");
    for (std::size_t shard = 0; shard < index.shardRows.size(); ++shard) {
        const auto number = static_cast<std::int64_t>(shard);
        cache->shards_.emplace_back(latentShardFile(folder, number), index, number, index.shardRows[shard]);
        for (std::int64_t row = 0; row < index.shardRows[shard]; ++row)
            cache->rows_.push_back({static_cast<std::uint32_t>(shard), static_cast<std::uint32_t>(row)});
    }
    if (cache->rows_.empty())
        throw Error(ErrorCode::BadFile, folder.string() + " holds no encoding: no picture could be read.",
                    "Encode pictures that are not damaged.");
    return cache;
}

const LatentPicture& LatentCache::picture(std::int64_t row) const {
    const Place place = rows_.at(static_cast<std::size_t>(row));
    return index_.pictures[static_cast<std::size_t>(shards_[place.shard].picture(place.row))];
}

void LatentCache::moments(std::int64_t row, bool mirrored, float* mean, float* logVariance) const {
    const Place place = rows_.at(static_cast<std::size_t>(row));
    shards_[place.shard].moments(place.row, mirrored, mean, logVariance);
}

void LatentCache::sample(std::int64_t row, bool mirrored, const RandomStream& noise, float* out) const {
    std::vector<float> logVariance(index_.elements());
    moments(row, mirrored, out, logVariance.data());
    addNoise(out, logVariance.data(), logVariance.size(), noise);
    const auto scale = static_cast<float>(index_.scale);
    for (std::size_t i = 0; i < logVariance.size(); ++i) out[i] *= scale;
}

}  // namespace vl
