// SPDX-License-Identifier: Apache-2.0
#include "engine/train/gallery_keeper.h"

#include <algorithm>
#include <numeric>

namespace vl {
namespace {

/// Bounds what a refresh costs.
constexpr std::size_t kPictures = 48;

}  // namespace

GalleryKeeper::GalleryKeeper(std::shared_ptr<const Dataset> dataset, double mean, double std)
    : dataset_(std::move(dataset)), mean_(mean), std_(std) {
    indices_.resize(std::min(kPictures, static_cast<std::size_t>(dataset_->size())));
    std::iota(indices_.begin(), indices_.end(), 0);
}

void GalleryKeeper::choose(std::vector<SampleResult> samples, std::int64_t step, double epoch) {
    total_ = static_cast<std::int64_t>(samples.size());
    wrong_ =
        std::count_if(samples.begin(), samples.end(), [](const SampleResult& s) { return s.predicted != s.label; });
    evaluated_ = true;
    sortForGallery(samples);
    samples.resize(std::min(kPictures, samples.size()));
    indices_.clear();
    for (const SampleResult& sample : samples)
        indices_.push_back(sample.index);
    publish(samples, step, epoch);
}

void GalleryKeeper::refresh(Model& model, std::int64_t step, double epoch) {
    const auto chosen = std::make_shared<SubsetDataset>(dataset_, indices_);
    const EvalBatches batches(chosen, static_cast<int>(kPictures), 0, mean_, std_);
    auto result = evaluateModel(model, batches);
    if (!result) return;
    for (SampleResult& sample : result->samples)
        sample.index = indices_[static_cast<std::size_t>(sample.index)];
    if (!evaluated_) {
        total_ = static_cast<std::int64_t>(result->samples.size());
        wrong_ = std::count_if(result->samples.begin(), result->samples.end(),
                               [](const SampleResult& s) { return s.predicted != s.label; });
    }
    sortForGallery(result->samples);
    publish(result->samples, step, epoch);
}

void GalleryKeeper::publish(const std::vector<SampleResult>& sorted, std::int64_t step, double epoch) {
    auto gallery = std::make_shared<Gallery>();
    gallery->step = step;
    gallery->epoch = epoch;
    gallery->wrong = wrong_;
    gallery->total = total_;
    gallery->classNames = dataset_->classNames();
    for (const SampleResult& sample : sorted)
        gallery->samples.push_back({sample.index, dataset_->image(sample.index), sample.label, sample.predicted,
                                    sample.confidence, sample.loss});
    gallery_ = std::move(gallery);
}

}  // namespace vl
