// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "engine/data/dataset.h"
#include "engine/data/folder_dataset.h"
#include "engine/data/latent_cache.h"

namespace vl {

/// A cache of encoded pictures to train on: floats instead of bytes (Dataset::sample), a fresh sample of the encoding
/// each time, of the mirrored twin where a flip is drawn. imageSize() is the latents' side.
class LatentDataset final : public Dataset {
public:
    explicit LatentDataset(std::shared_ptr<const LatentCache> cache);

    std::int64_t size() const override { return cache_->size(); }
    int label(std::int64_t index) const override { return cache_->picture(index).label; }
    /// There are no pictures: throws Error(Unsupported).
    void read(std::int64_t index, std::uint8_t* pixels) const override;
    bool makesFloats() const override { return true; }
    void sample(std::int64_t index, const RandomStream& random, bool flip, float* out) const override;
    const LatentCache& cache() const { return *cache_; }

private:
    std::shared_ptr<const LatentCache> cache_;
};

/// The cache in `folder`/train, or in `folder` itself, for Train; the one in `folder`/val for Evaluation. Throws
/// Error(NotFound | BadFile), Error(Mismatch) when the model takes latents of another size.
std::shared_ptr<const Dataset> openLatents(const std::filesystem::path& folder, FolderSplit split, int side,
                                           int channels);

}  // namespace vl
