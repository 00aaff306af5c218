// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/latent_index.h"
#include "engine/io/safetensors.h"

namespace vl::test {

/// A cache of 4 x 2 x 2 latents: element j of picture i has mean i + j / 16, its mirrored twin -(i + j / 16), and the
/// given logarithm of the variance. Pictures alternate between two classes.
struct LatentBuilder {
    LatentIndex index;
    float logVariance = -30;

    explicit LatentBuilder(std::int64_t pictures = 7, std::int64_t perShard = 3) {
        index.pictureSize = 16;
        index.side = 2;
        index.channels = 4;
        index.scale = 0.5;
        index.dtype = "F32";
        index.autoencoder = "tiny";
        index.autoencoderHash = std::string(64, 'a');
        index.folder = "pictures";
        index.classNames = {"cat", "dog"};
        index.perShard = perShard;
        for (std::int64_t i = 0; i < pictures; ++i)
            index.pictures.push_back({"p" + std::to_string(i) + ".png", static_cast<int>(i % 2), 100});
    }

    /// Picture `picture` is not in its shard.
    LatentBuilder& leaveOut(std::int64_t picture) {
        index.leftOut.push_back({picture, "p" + std::to_string(picture) + ".png is damaged."});
        return *this;
    }

    void write(const std::filesystem::path& folder) {
        index.shardRows.clear();
        for (std::int64_t shard = 0; shard < index.shards(); ++shard) writeShard(folder, shard);
        writeLatentIndex(folder, index, true);
    }

    void writeShard(const std::filesystem::path& folder, std::int64_t shard) {
        std::vector<std::int64_t> rows;
        const auto count = static_cast<std::int64_t>(index.pictures.size());
        for (auto i = shard * index.perShard; i < std::min(count, (shard + 1) * index.perShard); ++i) {
            bool left = false;
            for (const auto& one : index.leftOut) left |= one.picture == i;
            if (!left) rows.push_back(i);
        }
        std::vector<float> mean, mirrored;
        for (const auto i : rows)
            for (std::size_t j = 0; j < index.elements(); ++j) {
                mean.push_back(static_cast<float>(i) + static_cast<float>(j) / 16);
                mirrored.push_back(-mean.back());
            }
        const std::vector<float> variance(mean.size(), logVariance);
        const std::vector<std::int64_t> shape{static_cast<std::int64_t>(rows.size()), index.channels, index.side, index.side};
        const auto floats = [&](const char* name, const std::vector<float>& values) {
            return TensorView{name, "F32", shape, reinterpret_cast<const std::byte*>(values.data()), values.size() * 4};
        };
        const std::vector<TensorView> views{
            floats("mean", mean),
            floats("log_variance", variance),
            floats("mirrored_mean", mirrored),
            floats("mirrored_log_variance", variance),
            {"picture", "I64", {shape[0]}, reinterpret_cast<const std::byte*>(rows.data()), rows.size() * 8}};
        writeSafetensors(latentShardFile(folder, shard), views);
        index.shardRows.push_back(shape[0]);
    }
};

}  // namespace vl::test
