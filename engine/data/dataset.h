// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/api/settings.h"
#include "engine/api/types.h"
#include "engine/core/random.h"
#include "engine/data/dense_dataset.h"

namespace vl {

/// Labelled pictures, all of one size, as the model will see them before augmentation and normalisation.
/// Reading is thread-safe.
class Dataset {
public:
    Dataset(std::vector<std::string> classNames, int imageSize, int channels)
        : classNames_(std::move(classNames)), imageSize_(imageSize), channels_(channels) {}
    virtual ~Dataset() = default;

    virtual std::int64_t size() const = 0;
    virtual int label(std::int64_t index) const = 0;
    /// Writes picture `index` to `pixels`: imageSize * imageSize * channels bytes, rows from the top, interleaved.
    virtual void read(std::int64_t index, std::uint8_t* pixels) const = 0;
    /// Whether samples are not pictures: loaders then take sample() as it is instead of normalising what read() gives.
    virtual bool makesFloats() const { return false; }
    /// Where makesFloats(): writes sample `index`, [channels][imageSize][imageSize], varied by its draws of `random`
    /// (SampleDraws) alone and mirrored where `flip` allows it and they say so. Throws Error(Internal) elsewhere.
    virtual void sample(std::int64_t index, const RandomStream& random, bool flip, float* out) const;
    /// Whether samples come with something to learn at every pixel: loaders then take annotated().
    virtual bool makesTargets() const { return false; }
    /// Where makesTargets(): writes sample `index` as sample() does, augmented by its draws of `random` alone.
    /// Throws Error(Internal) elsewhere.
    virtual DenseTarget annotated(std::int64_t index, const RandomStream& random, float* out) const;
    /// One sentence for each file that could not be used since the last call.
    virtual std::vector<std::string> takeProblems() const { return {}; }

    Image image(std::int64_t index) const;
    const std::vector<std::string>& classNames() const { return classNames_; }
    int imageSize() const { return imageSize_; }
    int channels() const { return channels_; }
    std::size_t imageBytes() const { return static_cast<std::size_t>(imageSize_) * imageSize_ * channels_; }

private:
    std::vector<std::string> classNames_;
    int imageSize_, channels_;
};

/// Pictures kept in memory, back to back.
class MemoryDataset final : public Dataset {
public:
    /// Throws Error(Mismatch) when pixels and labels do not belong together or a label has no class name.
    MemoryDataset(std::vector<std::string> classNames, int imageSize, int channels, std::vector<std::uint8_t> pixels,
                  std::vector<std::uint8_t> labels);
    std::int64_t size() const override { return static_cast<std::int64_t>(labels_.size()); }
    int label(std::int64_t index) const override { return labels_.at(static_cast<std::size_t>(index)); }
    void read(std::int64_t index, std::uint8_t* pixels) const override;

private:
    std::vector<std::uint8_t> pixels_, labels_;
};

/// Some pictures of another data set.
class SubsetDataset final : public Dataset {
public:
    SubsetDataset(std::shared_ptr<const Dataset> whole, std::vector<std::int64_t> indices);
    std::int64_t size() const override { return static_cast<std::int64_t>(indices_.size()); }
    int label(std::int64_t index) const override { return whole_->label(indices_.at(static_cast<std::size_t>(index))); }
    void read(std::int64_t index, std::uint8_t* pixels) const override;
    bool makesFloats() const override { return whole_->makesFloats(); }
    void sample(std::int64_t index, const RandomStream& random, bool flip, float* out) const override;
    std::vector<std::string> takeProblems() const override { return whole_->takeProblems(); }

private:
    std::shared_ptr<const Dataset> whole_;
    std::vector<std::int64_t> indices_;
};

struct Datasets {
    std::shared_ptr<const Dataset> train, evaluation;
    std::shared_ptr<const DenseDataset> annotated = nullptr;  ///< dense tasks: what is judged, in its own size; else null
};

/// What a run trains on and is measured on: the data set's own split, or a share of the training pictures chosen by
/// `seed` alone. Throws Error(NotFound | BadFile | Usage | Unsupported).
Datasets openDatasets(const DataSettings& settings, int imageSize, int channels, std::uint64_t seed);

}  // namespace vl
