// SPDX-License-Identifier: Apache-2.0
#include "engine/data/loader.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/data/order.h"

namespace vl {
namespace {

constexpr std::uint64_t augmentationKey = 0x4155474D454E54ull;  // keeps these draws apart from the order's
constexpr std::uint64_t evaluationKey = 0x4556414Cull;         // evaluations see the same sample of a latent each time

Batch emptyBatch(const Dataset& dataset, std::int64_t count) {
    Batch batch;
    batch.B = count;
    batch.channels = dataset.channels();
    batch.size = dataset.imageSize();
    batch.images.resize(static_cast<std::size_t>(count) * dataset.imageBytes());
    batch.labels.reserve(static_cast<std::size_t>(count));
    batch.indices.reserve(static_cast<std::size_t>(count));
    return batch;
}

LoaderOptions checked(LoaderOptions options) {
    options.batch = std::max(options.batch, 1);
    options.workers = std::max(options.workers, 1);
    options.prefetch = std::max(options.prefetch, 1);
    options.firstStep = std::max<std::int64_t>(options.firstStep, 0);
    return options;
}

}  // namespace

Loader::Loader(std::shared_ptr<const Dataset> dataset, const LoaderOptions& options)
    : dataset_(std::move(dataset)),
      options_(checked(options)),
      transform_(options_.transform, dataset_->imageSize(), dataset_->channels()),
      stepsPerEpoch_(dataset_->size() / options_.batch),
      nextToMake_(options_.firstStep),
      nextToGive_(options_.firstStep) {
    if (stepsPerEpoch_ < 1)
        throw Error(ErrorCode::Usage, "There are only " + std::to_string(dataset_->size()) + " training pictures, fewer than one batch.",
                    "Make data.batch smaller or use more pictures.");
    for (int i = 0; i < options_.workers; ++i) workers_.emplace_back([this](std::stop_token stop) { work(stop); });
}

Loader::~Loader() {
    for (auto& worker : workers_) worker.request_stop();
}

Loader::Order Loader::orderOf(std::int64_t epoch) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto known = orders_.find(epoch); known != orders_.end()) return known->second;
    }
    auto order = std::make_shared<const std::vector<std::int64_t>>(
        shuffledOrder(dataset_->size(), options_.seed, static_cast<std::uint64_t>(epoch)));
    const std::lock_guard lock(mutex_);
    orders_.erase(orders_.begin(), orders_.lower_bound(nextToGive_ / stepsPerEpoch_));
    return orders_.emplace(epoch, std::move(order)).first->second;
}

Batch Loader::make(std::int64_t step) {
    const auto epoch = step / stepsPerEpoch_;
    const auto order = orderOf(epoch);
    const auto first = static_cast<std::size_t>((step % stepsPerEpoch_) * options_.batch);
    const RandomStream random(options_.seed ^ augmentationKey, static_cast<std::uint64_t>(epoch));
    auto batch = emptyBatch(*dataset_, options_.batch);
    std::vector<std::uint8_t> pixels(dataset_->imageBytes());
    for (std::size_t i = 0; i < static_cast<std::size_t>(options_.batch); ++i) {
        const auto sample = (*order)[first + i];
        float* out = batch.images.data() + i * pixels.size();
        if (dataset_->makesTargets()) {
            batch.targets.push_back(dataset_->annotated(sample, random, out));
        } else if (dataset_->makesFloats()) {
            dataset_->sample(sample, random, options_.transform.flip, out);
        } else {
            dataset_->read(sample, pixels.data());
            transform_.augmented(pixels.data(), out, random, sample);
        }
        batch.labels.push_back(dataset_->label(sample));
        batch.indices.push_back(sample);
    }
    return batch;
}

void Loader::work(std::stop_token stop) {
    while (!stop.stop_requested()) {
        std::int64_t step = 0;
        {
            std::unique_lock lock(mutex_);
            const bool free = slotFree_.wait(lock, stop, [&] { return nextToMake_ < nextToGive_ + options_.prefetch; });
            if (!free) return;
            step = nextToMake_++;
        }
        Slot slot;
        try {
            slot.batch = make(step);
        } catch (...) {
            slot.error = std::current_exception();
        }
        const std::lock_guard lock(mutex_);
        ready_.emplace(step, std::move(slot));
        slotReady_.notify_all();
    }
}

Batch Loader::next(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    const bool ready = slotReady_.wait(lock, stop, [&] { return ready_.count(nextToGive_) > 0; });
    if (!ready) throw Error(ErrorCode::Cancelled, "Waiting for the next batch was cancelled.");
    auto node = ready_.extract(nextToGive_++);
    slotFree_.notify_all();
    lock.unlock();
    if (node.mapped().error) std::rethrow_exception(node.mapped().error);
    return std::move(node.mapped().batch);
}

EvalBatches::EvalBatches(std::shared_ptr<const Dataset> dataset, int batch, std::int64_t limit, double mean, double std,
                         bool imagenetColours)
    : dataset_(std::move(dataset)),
      batch_(std::max(batch, 1)),
      images_(limit > 0 ? std::min(limit, dataset_->size()) : dataset_->size()),
      transform_({0, false, mean, std, imagenetColours}, dataset_->imageSize(), dataset_->channels()) {}

Batch EvalBatches::batch(std::int64_t number) const {
    const auto first = number * batch_;
    if (number < 0 || first >= images_) throw Error(ErrorCode::Internal, "There is no evaluation batch " + std::to_string(number) + ".");
    auto batch = emptyBatch(*dataset_, std::min(batch_, images_ - first));
    std::vector<std::uint8_t> pixels(dataset_->imageBytes());
    for (std::int64_t i = 0; i < batch.B; ++i) {
        float* out = batch.images.data() + static_cast<std::size_t>(i) * pixels.size();
        if (dataset_->makesFloats()) {
            dataset_->sample(first + i, RandomStream(evaluationKey, 0), false, out);
        } else {
            dataset_->read(first + i, pixels.data());
            transform_.plain(pixels.data(), out);
        }
        batch.labels.push_back(dataset_->label(first + i));
        batch.indices.push_back(first + i);
    }
    return batch;
}

}  // namespace vl
