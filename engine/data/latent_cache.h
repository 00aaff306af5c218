// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/data/latent_index.h"
#include "engine/io/safetensors.h"

namespace vl {

/// One part of a cache, mapped: encodings [rows, channels, side, side] of some pictures and of their mirrored twins.
class LatentShard {
public:
    /// Throws Error(NotFound | BadFile) for a file that is not the part `index` says it is.
    LatentShard(const std::filesystem::path& file, const LatentIndex& index, std::int64_t shard, std::int64_t rows);

    std::int64_t rows() const { return static_cast<std::int64_t>(pictures_.size()); }
    /// Place of a row's picture in the index.
    std::int64_t picture(std::int64_t row) const { return pictures_.at(static_cast<std::size_t>(row)); }
    /// index.elements() floats each; the logarithm of the variance lies in -30..20 whatever the file says.
    void moments(std::int64_t row, bool mirrored, float* mean, float* logVariance) const;

private:
    struct Rows {
        const std::byte* mean = nullptr;
        const std::byte* logVariance = nullptr;
    };

    SafetensorsFile file_;
    std::vector<std::int64_t> pictures_;
    Rows straight_, mirrored_;
    std::size_t elements_;
    bool half_;
};

/// A finished cache of encoded pictures, mapped into memory. Reading is thread-safe.
class LatentCache {
public:
    /// Throws Error(NotFound | BadFile), among others for one whose making was interrupted.
    static std::shared_ptr<const LatentCache> open(const std::filesystem::path& folder);

    const LatentIndex& index() const { return index_; }
    std::int64_t size() const { return static_cast<std::int64_t>(rows_.size()); }
    /// Throws std::out_of_range beyond size(), as the others.
    const LatentPicture& picture(std::int64_t row) const;
    void moments(std::int64_t row, bool mirrored, float* mean, float* logVariance) const;
    /// What denoisers see: scale * (mean + deviation * noise), [channels, side, side]; standard normal noise from the
    /// draws of `noise` alone.
    void sample(std::int64_t row, bool mirrored, const RandomStream& noise, float* out) const;

private:
    struct Place {
        std::uint32_t shard = 0, row = 0;
    };
    explicit LatentCache(LatentIndex index) : index_(std::move(index)) {}

    LatentIndex index_;
    std::vector<LatentShard> shards_;
    std::vector<Place> rows_;
};

}  // namespace vl
