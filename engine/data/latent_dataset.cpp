// SPDX-License-Identifier: Apache-2.0
#include "engine/data/latent_dataset.h"

#include "engine/core/error.h"
#include "engine/data/augment.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

fs::path cacheFolder(const fs::path& folder, FolderSplit split) {
    std::error_code error;
    if (folder.empty())
        throw Error(ErrorCode::NotFound, "It is not said which cache of latents to use.",
                    "Set data.path to a folder made by `visionllama encode-latents`.");
    const auto own = folder / (split == FolderSplit::Train ? "train" : "val");
    if (fs::exists(latentIndexFile(own), error)) return own;
    if (split == FolderSplit::Train) return folder;
    throw Error(ErrorCode::NotFound, folder.string() + " has no cache val to evaluate on.",
                "Encode one into it, or set data.validation_share.");
}

std::string sizeText(int side, int channels) {
    return std::to_string(channels) + " x " + std::to_string(side) + " x " + std::to_string(side);
}

}  // namespace

LatentDataset::LatentDataset(std::shared_ptr<const LatentCache> cache)
    : Dataset(cache->index().classNames, cache->index().side, cache->index().channels), cache_(std::move(cache)) {}

void LatentDataset::read(std::int64_t, std::uint8_t*) const {
    throw Error(ErrorCode::Unsupported, "A cache of latents holds no pictures.",
                "Train a model that works on latents, or choose another data set.");
}

void LatentDataset::sample(std::int64_t index, const RandomStream& random, bool flip, float* out) const {
    const SampleDraws draws(random, index);
    cache_->sample(index, flip && draws.mirror(), draws.own(), out);
}

std::shared_ptr<const Dataset> openLatents(const fs::path& folder, FolderSplit split, int side, int channels) {
    const auto where = cacheFolder(folder, split);
    auto cache = LatentCache::open(where);
    const LatentIndex& index = cache->index();
    if (index.side != side || index.channels != channels)
        throw Error(ErrorCode::Mismatch,
                    where.string() + " holds latents of " + sizeText(index.side, index.channels) +
                        ", but the model takes " + sizeText(side, channels) + ".",
                    "Encode the pictures in another size, or choose another model.");
    return std::make_shared<LatentDataset>(std::move(cache));
}

}  // namespace vl
