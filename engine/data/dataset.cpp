// SPDX-License-Identifier: Apache-2.0
#include "engine/data/dataset.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "engine/core/error.h"
#include "engine/data/fashion_mnist.h"
#include "engine/data/folder_dataset.h"
#include "engine/data/latent_dataset.h"
#include "engine/data/order.h"

namespace vl {
namespace {

constexpr std::uint64_t splitStream = 0x53504C4954ull;  // apart from the streams of the epochs

std::shared_ptr<const Dataset> firstOf(std::shared_ptr<const Dataset> dataset, std::int64_t limit) {
    if (limit <= 0 || limit >= dataset->size()) return dataset;
    std::vector<std::int64_t> indices(static_cast<std::size_t>(limit));
    std::iota(indices.begin(), indices.end(), 0);
    return std::make_shared<SubsetDataset>(std::move(dataset), std::move(indices));
}

Datasets splitOff(const std::shared_ptr<const Dataset>& whole, double share, std::uint64_t seed) {
    const auto order = shuffledOrder(whole->size(), seed, splitStream);
    const auto kept = static_cast<std::ptrdiff_t>(std::llround(share * static_cast<double>(order.size())));
    if (kept == 0 || kept == static_cast<std::ptrdiff_t>(order.size()))
        throw Error(ErrorCode::Usage, "data.validation_share leaves no picture for " + std::string(kept ? "training" : "evaluation") + ".",
                    "Change data.validation_share or use more pictures.");
    std::vector<std::int64_t> evaluation(order.begin(), order.begin() + kept), train(order.begin() + kept, order.end());
    std::sort(evaluation.begin(), evaluation.end());
    std::sort(train.begin(), train.end());
    return {std::make_shared<SubsetDataset>(whole, std::move(train)), std::make_shared<SubsetDataset>(whole, std::move(evaluation))};
}

}  // namespace

Image Dataset::image(std::int64_t index) const {
    Image image{imageSize_, imageSize_, channels_, std::vector<std::uint8_t>(imageBytes())};
    read(index, image.pixels.data());
    return image;
}

void Dataset::sample(std::int64_t, const RandomStream&, bool, float*) const {
    throw Error(ErrorCode::Internal, "A data set of pictures was asked for floats.");
}

DenseTarget Dataset::annotated(std::int64_t, const RandomStream&, float*) const {
    throw Error(ErrorCode::Internal, "A data set without annotations was asked for them.");
}

MemoryDataset::MemoryDataset(std::vector<std::string> classNames, int imageSize, int channels, std::vector<std::uint8_t> pixels,
                             std::vector<std::uint8_t> labels)
    : Dataset(std::move(classNames), imageSize, channels), pixels_(std::move(pixels)), labels_(std::move(labels)) {
    if (pixels_.size() != labels_.size() * imageBytes())
        throw Error(ErrorCode::Mismatch, "A data set has another number of pictures than of labels.", "Fetch the data set again.");
    for (const auto label : labels_)
        if (label >= this->classNames().size())
            throw Error(ErrorCode::Mismatch, "A data set has a label without a class name: " + std::to_string(label) + ".", "Fetch the data set again.");
}

void MemoryDataset::read(std::int64_t index, std::uint8_t* pixels) const {
    label(index);  // checks the index
    std::memcpy(pixels, pixels_.data() + static_cast<std::size_t>(index) * imageBytes(), imageBytes());
}

SubsetDataset::SubsetDataset(std::shared_ptr<const Dataset> whole, std::vector<std::int64_t> indices)
    : Dataset(whole->classNames(), whole->imageSize(), whole->channels()), whole_(std::move(whole)), indices_(std::move(indices)) {}

void SubsetDataset::read(std::int64_t index, std::uint8_t* pixels) const {
    whole_->read(indices_.at(static_cast<std::size_t>(index)), pixels);
}

void SubsetDataset::sample(std::int64_t index, const RandomStream& random, bool flip, float* out) const {
    whole_->sample(indices_.at(static_cast<std::size_t>(index)), random, flip, out);
}

Datasets openDatasets(const DataSettings& settings, int imageSize, int channels, std::uint64_t seed) {
    const bool folder = settings.dataset == "folder";
    const bool ownSplit = settings.validationShare <= 0;
    Datasets sets;
    if (folder) {
        sets.train = openFolder(settings.path, FolderSplit::Train, imageSize, channels);
        if (ownSplit) sets.evaluation = openFolder(settings.path, FolderSplit::Evaluation, imageSize, channels);
    } else if (settings.dataset == "fashion-mnist") {
        sets.train = openFashionMnist(settings.path, true, imageSize, channels);
        if (ownSplit) sets.evaluation = openFashionMnist(settings.path, false, imageSize, channels);
    } else if (settings.dataset == "latents") {
        sets.train = openLatents(settings.path, FolderSplit::Train, imageSize, channels);
        if (ownSplit) sets.evaluation = openLatents(settings.path, FolderSplit::Evaluation, imageSize, channels);
    } else {
        throw Error(ErrorCode::Usage, "There is no data set \"" + settings.dataset + "\".", "Choose fashion-mnist, folder or latents.");
    }
    if (!ownSplit) sets = splitOff(sets.train, settings.validationShare, seed);
    if (sets.evaluation->classNames() != sets.train->classNames())
        throw Error(ErrorCode::Mismatch, "The training and evaluation folders hold different classes.", "Give both the same subfolders.");
    sets.train = firstOf(sets.train, settings.limit);
    return sets;
}

}  // namespace vl
