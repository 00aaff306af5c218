// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace vl {

/// A picture that was to be encoded.
struct LatentPicture {
    std::string file;           ///< below the folder of pictures
    int label = 0;
    std::uint64_t bytes = 0;    ///< of the file, so that another one under its name is noticed
    bool operator==(const LatentPicture&) const = default;
};

/// What a cache of encoded pictures holds, and how far its making has come. A cache folder has `index.json`,
/// `pictures.txt` (one line a picture: label, bytes, file) and `latents-00000.safetensors` and so on, each the
/// encodings of the next `perShard` pictures of the list, those left out missing.
struct LatentIndex {
    int pictureSize = 256;               ///< pixels
    int side = 32, channels = 4;         ///< of a latent
    double scale = 0.18215;              ///< a sample of the encoding times this is what denoisers see
    std::string dtype = "F16";           ///< or "F32"
    std::string autoencoder;             ///< its name, for people
    std::string autoencoderHash;         ///< SHA-256 of its file
    std::string folder;                  ///< of the pictures when they were encoded
    std::vector<std::string> classNames;
    std::vector<LatentPicture> pictures;
    std::int64_t perShard = 1;
    std::vector<std::int64_t> shardRows; ///< encodings in each finished shard, from the first on
    struct LeftOut {
        std::int64_t picture = 0;        ///< place in `pictures`
        std::string problem;             ///< one sentence
    };
    std::vector<LeftOut> leftOut;        ///< from finished shards

    std::int64_t shards() const;         ///< when finished
    bool finished() const { return static_cast<std::int64_t>(shardRows.size()) == shards(); }
    std::size_t elements() const { return static_cast<std::size_t>(channels) * side * side; }
};

std::filesystem::path latentIndexFile(const std::filesystem::path& cache);
std::filesystem::path latentShardFile(const std::filesystem::path& cache, std::int64_t shard);

/// Checks everything a hostile file could say. Throws Error(NotFound | BadFile).
LatentIndex readLatentIndex(const std::filesystem::path& cache);
/// Both files at first, later `index.json` alone (the list does not change), each atomically. Throws Error(BadFile).
void writeLatentIndex(const std::filesystem::path& cache, const LatentIndex& index, bool withPictures);

/// Whether a name can stand in the list: no line break in it.
bool fitsPictureList(const std::string& file);

}  // namespace vl
