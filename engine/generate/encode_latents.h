// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/data/folder_dataset.h"

namespace vl {

class Autoencoder;

struct EncodeSettings {
    std::filesystem::path folder;       ///< pictures, as listFolder() takes them
    FolderSplit split = FolderSplit::Train;
    std::filesystem::path cache;        ///< folder to write, made where it is not there
    int size = 256;                     ///< pixels, a multiple of the autoencoder's cell
    int batch = 8;                      ///< pictures encoded at once
    bool half = true;                   ///< stored as float16, else float32
    std::uint64_t shardBytes = 64u << 20;  ///< of one file, about; a cache that is gone on with keeps its own
    std::string autoencoderName;        ///< for people
    std::string autoencoderHash;        ///< SHA-256 of its file
};

struct EncodeProgress {
    std::int64_t done = 0, total = 0;   ///< pictures, those of an earlier run and those left out included
    std::int64_t resumed = 0;           ///< of an earlier run
    double picturesPerSecond = 0;
    double secondsLeft = 0;             ///< estimate, 0: unknown
    std::vector<std::string> problems;  ///< sentences new since the last call
};
/// Asked after each batch; false cancels.
using EncodeWatcher = std::function<bool(const EncodeProgress&)>;

struct EncodeSummary {
    std::int64_t encoded = 0;           ///< in the finished cache
    std::int64_t resumed = 0;           ///< of those, by an earlier run
    std::int64_t leftOut = 0;           ///< pictures that cannot be read
    std::int64_t shards = 0;
    std::uint64_t bytes = 0;            ///< of all shards
};

/// Encodes a folder of pictures, each also mirrored, into a cache (engine/data/latent_cache.h): mean and logarithm of
/// the variance, so that every epoch can draw a fresh sample. Parts finished by an earlier run that was stopped are
/// kept; the result does not depend on how often it was. Pictures that cannot be read are left out.
/// Throws Error(Usage | NotFound | BadFile | Unsupported | NonFinite), Error(Mismatch) when the cache was begun with
/// other pictures, another autoencoder or other settings, Error(Cancelled).
EncodeSummary encodeLatents(Autoencoder& autoencoder, const EncodeSettings& settings, const EncodeWatcher& watch = {},
                            const Clock& clock = SystemClock());

}  // namespace vl
