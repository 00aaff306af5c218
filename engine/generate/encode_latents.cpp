// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/encode_latents.h"

#include <algorithm>
#include <future>
#include <set>
#include <tuple>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/data/folder_listing.h"
#include "engine/data/latent_cache.h"
#include "engine/data/latent_picture.h"
#include "engine/io/writer_lock.h"
#include "engine/nn/autoencoder.h"
#include "engine/nn/weights_file.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

void checkFits(const ModelSpec& spec, int size) {
    if (spec.inChannels != 3)
        throw Error(ErrorCode::Mismatch, "The autoencoder does not take colour pictures.", "Choose another one.");
    if (size < spec.patchSize || size % spec.patchSize != 0 || size > 8192)
        throw Error(ErrorCode::Usage,
                    "Pictures of " + std::to_string(size) + " pixels do not divide into cells of " +
                        std::to_string(spec.patchSize) + ".",
                    "Choose a multiple of " + std::to_string(spec.patchSize) + " up to 8192.");
}

std::vector<LatentPicture> picturesOf(FolderListing& listing, std::vector<std::string>& problems) {
    problems = std::move(listing.problems);
    std::erase_if(listing.pictures, [&](const FolderListing::Entry& entry) {
        const bool fits = fitsPictureList(entry.file.string());
        if (!fits) problems.push_back("A picture with a line break in its name is left out.");
        return !fits;
    });
    std::vector<LatentPicture> pictures;
    for (const auto& entry : listing.pictures) {
        std::error_code error;
        const auto bytes = fs::file_size(entry.file, error);
        pictures.push_back({entry.file.lexically_relative(listing.folder).string(), entry.label, error ? 0 : bytes});
    }
    return pictures;
}

/// The index of a cache that holds nothing yet.
LatentIndex plannedIndex(const ModelSpec& spec, const EncodeSettings& settings, const FolderListing& listing,
                         std::vector<LatentPicture> pictures) {
    LatentIndex index;
    index.pictureSize = settings.size;
    index.side = settings.size / spec.patchSize;
    index.channels = spec.autoencoder.latentChannels;
    index.scale = spec.autoencoder.scale;
    index.dtype = settings.half ? "F16" : "F32";
    index.autoencoder = settings.autoencoderName;
    index.autoencoderHash = settings.autoencoderHash;
    index.folder = listing.folder.string();
    index.classNames = listing.classNames;
    index.pictures = std::move(pictures);
    const std::uint64_t each = 4 * index.elements() * (settings.half ? 2 : 4);  // two moments of two pictures
    index.perShard = static_cast<std::int64_t>(std::clamp<std::uint64_t>(settings.shardBytes / each, 1, 1u << 20));
    return index;
}

[[noreturn]] void refuseBegun(const fs::path& cache, const std::string& difference) {
    throw Error(ErrorCode::Mismatch, cache.string() + " was begun with " + difference + ".",
                "Choose an empty folder for the new cache.");
}

/// How many of `a` are not in `b`.
std::int64_t missingFrom(const std::vector<LatentPicture>& a, const std::vector<LatentPicture>& b) {
    const auto key = [](const LatentPicture& p) { return std::tie(p.file, p.label, p.bytes); };
    const auto before = [&](const LatentPicture& x, const LatentPicture& y) { return key(x) < key(y); };
    const std::set<LatentPicture, decltype(before)> known(b.begin(), b.end(), before);
    return std::count_if(a.begin(), a.end(), [&](const LatentPicture& p) { return !known.contains(p); });
}

/// The index to go on with: what an earlier run finished, checked part by part, or the plan itself.
LatentIndex resumedIndex(const fs::path& cache, LatentIndex plan) {
    std::error_code error;
    if (!fs::exists(latentIndexFile(cache), error)) {
        writeLatentIndex(cache, plan, true);
        return plan;
    }
    LatentIndex begun = readLatentIndex(cache);
    if (begun.autoencoderHash != plan.autoencoderHash) refuseBegun(cache, "another autoencoder");
    if (begun.pictureSize != plan.pictureSize)
        refuseBegun(cache, "pictures of " + std::to_string(begun.pictureSize) + " pixels");
    if (begun.dtype != plan.dtype || begun.side != plan.side || begun.channels != plan.channels ||
        begun.scale != plan.scale)
        refuseBegun(cache, "another kind of latents");
    if (begun.pictures != plan.pictures)
        refuseBegun(cache, "other pictures: " + std::to_string(missingFrom(plan.pictures, begun.pictures)) +
                               " are new or changed, " + std::to_string(missingFrom(begun.pictures, plan.pictures)) +
                               " are gone");
    std::size_t sound = 0;
    try {
        for (; sound < begun.shardRows.size(); ++sound) {
            const auto shard = static_cast<std::int64_t>(sound);
            LatentShard(latentShardFile(cache, shard), begun, shard, begun.shardRows[sound]);
        }
    } catch (const Error&) {  // this part and those after it are made again
        begun.shardRows.resize(sound);
        const auto reached = static_cast<std::int64_t>(sound) * begun.perShard;
        std::erase_if(begun.leftOut, [&](const LatentIndex::LeftOut& left) { return left.picture >= reached; });
    }
    return begun;
}

/// Pictures ready to be encoded.
struct Loaded {
    at::Tensor images;                      ///< [n, 3, S, S] in -1..1
    std::vector<std::int64_t> pictures;
    std::vector<LatentIndex::LeftOut> leftOut;
    std::int64_t asked = 0;
};

Loaded load(const FolderListing& listing, std::int64_t first, std::int64_t last, int size) {
    Loaded loaded;
    loaded.asked = last - first;
    std::vector<std::uint8_t> pixels;
    for (std::int64_t at = first; at < last; ++at) {
        const fs::path& file = listing.pictures[static_cast<std::size_t>(at)].file;
        try {
            const Image image = latentPicture(readImage(file), size);
            pixels.insert(pixels.end(), image.pixels.begin(), image.pixels.end());
            loaded.pictures.push_back(at);
        } catch (const Error& problem) {
            if (problem.code() == ErrorCode::Unsupported) throw;
            loaded.leftOut.push_back({at, file.filename().string() + " is left out: " + problem.message()});
        }
    }
    const auto count = static_cast<std::int64_t>(loaded.pictures.size());
    const at::Tensor bytes = at::empty({count, size, size, 3}, at::kByte);
    std::copy(pixels.begin(), pixels.end(), bytes.mutable_data_ptr<std::uint8_t>());
    loaded.images = bytes.permute({0, 3, 1, 2}).to(at::kFloat).div(255).sub(0.5).div(0.5).contiguous();
    return loaded;
}

/// Encodes what is left of a cache, part by part.
class Encoding {
public:
    Encoding(Autoencoder& autoencoder, const EncodeSettings& settings, const FolderListing& listing, LatentIndex index,
             std::vector<std::string> problems, const EncodeWatcher& watch, const Clock& clock)
        : autoencoder_(autoencoder),
          settings_(settings),
          listing_(listing),
          index_(std::move(index)),
          watch_(watch),
          clock_(clock) {
        progress_.problems = std::move(problems);
        progress_.total = static_cast<std::int64_t>(index_.pictures.size());
        progress_.done = progress_.resumed = std::min(progress_.total, reached());
        begin_ = clock_.seconds();
    }

    EncodeSummary run() {
        EncodeSummary summary;
        for (const auto rows : index_.shardRows) summary.resumed += rows;
        report();
        while (!index_.finished()) makeShard();
        summary.shards = index_.shards();
        summary.leftOut = static_cast<std::int64_t>(index_.leftOut.size());
        for (std::int64_t shard = 0; shard < summary.shards; ++shard) {
            summary.encoded += index_.shardRows[static_cast<std::size_t>(shard)];
            std::error_code error;
            const auto bytes = fs::file_size(latentShardFile(settings_.cache, shard), error);
            summary.bytes += error ? 0 : bytes;
        }
        return summary;
    }

private:
    struct Parts {
        std::vector<at::Tensor> mean, logVariance, mirroredMean, mirroredLogVariance;
        std::vector<std::int64_t> pictures;
    };

    std::int64_t reached() const { return static_cast<std::int64_t>(index_.shardRows.size()) * index_.perShard; }

    /// The next batch is read while one is encoded.
    void makeShard() {
        const auto first = reached(), last = std::min(first + index_.perShard, progress_.total);
        const auto start = [&](std::int64_t begin) {
            const auto end = std::min(begin + std::max(settings_.batch, 1), last);
            return std::async(std::launch::async, load, std::cref(listing_), begin, end, index_.pictureSize);
        };
        Parts parts;
        auto coming = start(first);
        for (auto begin = first; begin < last;) {
            const Loaded loaded = coming.get();
            begin += loaded.asked;
            if (begin < last) coming = start(begin);
            if (!loaded.pictures.empty()) encode(loaded, parts);
            for (const auto& left : loaded.leftOut) {
                index_.leftOut.push_back(left);
                progress_.problems.push_back(left.problem);
            }
            progress_.done += loaded.asked;
            report();
        }
        write(parts);
    }

    void encode(const Loaded& loaded, Parts& parts) const {
        const auto weights = autoencoder_.parameters()[0].tensor.options();
        const at::Tensor images = loaded.images.to(weights);
        const auto keep = [&](const at::Tensor& values, std::vector<at::Tensor>& kept) {
            kept.push_back(values.to(at::kCPU, settings_.half ? at::kHalf : at::kFloat).contiguous());
            if (!kept.back().isfinite().all().item<bool>())
                throw Error(ErrorCode::NonFinite, "An encoding is not a finite number of the type it is stored in.",
                            "Check the autoencoder, or store float32.");
        };
        const LatentMoments straight = autoencoder_.encode(images), mirrored = autoencoder_.encode(images.flip(3));
        keep(straight.mean, parts.mean);
        keep(straight.logVariance, parts.logVariance);
        keep(mirrored.mean, parts.mirroredMean);
        keep(mirrored.logVariance, parts.mirroredLogVariance);
        parts.pictures.insert(parts.pictures.end(), loaded.pictures.begin(), loaded.pictures.end());
    }

    void write(const Parts& parts) {
        const std::vector<std::int64_t> none{0, index_.channels, index_.side, index_.side};
        const auto joined = [&](const std::vector<at::Tensor>& list) {
            return list.empty() ? at::empty(none, settings_.half ? at::kHalf : at::kFloat) : at::cat(list);
        };
        const at::Tensor mean = joined(parts.mean), logVariance = joined(parts.logVariance);
        const at::Tensor mirroredMean = joined(parts.mirroredMean);
        const at::Tensor mirroredLogVariance = joined(parts.mirroredLogVariance);
        const at::Tensor pictures = at::tensor(parts.pictures, at::kLong);
        const std::vector<TensorView> views{viewOf("mean", mean), viewOf("log_variance", logVariance),
                                            viewOf("mirrored_mean", mirroredMean),
                                            viewOf("mirrored_log_variance", mirroredLogVariance),
                                            viewOf("picture", pictures)};
        const auto shard = static_cast<std::int64_t>(index_.shardRows.size());
        writeSafetensors(latentShardFile(settings_.cache, shard), views, {{"format", "visionllama latents"}});
        index_.shardRows.push_back(static_cast<std::int64_t>(parts.pictures.size()));
        writeLatentIndex(settings_.cache, index_, false);
    }

    void report() {
        const double seconds = clock_.seconds() - begin_;
        const auto fresh = progress_.done - progress_.resumed;
        progress_.picturesPerSecond = seconds > 0 ? static_cast<double>(fresh) / seconds : 0;
        const auto left = static_cast<double>(progress_.total - progress_.done);
        progress_.secondsLeft = progress_.picturesPerSecond > 0 ? left / progress_.picturesPerSecond : 0;
        const bool goOn = !watch_ || watch_(progress_);
        progress_.problems.clear();
        if (!goOn)
            throw Error(ErrorCode::Cancelled,
                        "Encoding was stopped after " + std::to_string(progress_.done) + " of " +
                            std::to_string(progress_.total) + " pictures.",
                        "The same command goes on with the part it was at.");
    }

    Autoencoder& autoencoder_;
    const EncodeSettings& settings_;
    const FolderListing& listing_;
    LatentIndex index_;
    const EncodeWatcher& watch_;
    const Clock& clock_;
    EncodeProgress progress_;
    double begin_ = 0;
};

}  // namespace

EncodeSummary encodeLatents(Autoencoder& autoencoder, const EncodeSettings& settings, const EncodeWatcher& watch,
                            const Clock& clock) {
    const at::NoGradGuard noGrad;
    checkFits(autoencoder.spec(), settings.size);
    if (settings.cache.empty())
        throw Error(ErrorCode::Usage, "It is not said where to put the latents.", "Name a folder for them.");
    FolderListing listing = listFolder(settings.folder, settings.split);
    std::vector<std::string> problems;
    LatentIndex plan = plannedIndex(autoencoder.spec(), settings, listing, picturesOf(listing, problems));
    std::error_code error;
    fs::create_directories(settings.cache, error);
    if (error)
        throw Error(ErrorCode::BadFile, "The folder " + settings.cache.string() + " cannot be made.",
                    "Choose another one.");
    const WriterLock lock(settings.cache);
    LatentIndex index = resumedIndex(settings.cache, std::move(plan));
    return Encoding(autoencoder, settings, listing, std::move(index), std::move(problems), watch, clock).run();
}

}  // namespace vl
