// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "engine/data/augment.h"
#include "engine/data/dataset.h"

namespace vl {

struct Batch {
    std::vector<float> images;          ///< [B, channels, size, size], normalised
    std::vector<std::int64_t> labels;   ///< [B]
    std::vector<std::int64_t> indices;  ///< [B], in the data set
    std::vector<DenseTarget> targets;   ///< [B], of data sets that have them
    std::int64_t B = 0;
    std::int64_t first = 0;             ///< where its first picture stands in the step's batch; 0 but for a part
    int channels = 0;
    int size = 0;
};

struct LoaderOptions {
    int batch = 64;
    int workers = 1;
    int prefetch = 4;                   ///< batches ready ahead, at least 1
    std::uint64_t seed = 0;
    std::int64_t firstStep = 0;         ///< resume: the step whose batch comes first
    TransformOptions transform;
};

/// Training batches in a seeded order that depends on (seed, step) alone: not on the number of workers, nor on where
/// a run was interrupted. Each epoch is a new permutation; its incomplete last batch is dropped.
class Loader {
public:
    /// Throws Error(Usage) when the data set does not fill one batch.
    Loader(std::shared_ptr<const Dataset> dataset, const LoaderOptions& options);
    ~Loader();  ///< joins the workers
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;

    std::int64_t stepsPerEpoch() const { return stepsPerEpoch_; }
    /// The next step's batch. Throws what a worker threw, Error(Cancelled) when `stop` is requested.
    Batch next(std::stop_token stop = {});

private:
    struct Slot {
        Batch batch;
        std::exception_ptr error;
    };
    using Order = std::shared_ptr<const std::vector<std::int64_t>>;

    void work(std::stop_token stop);
    Batch make(std::int64_t step);
    Order orderOf(std::int64_t epoch);

    const std::shared_ptr<const Dataset> dataset_;
    const LoaderOptions options_;
    const Transform transform_;
    std::int64_t stepsPerEpoch_ = 0;

    std::mutex mutex_;
    std::condition_variable_any slotFree_, slotReady_;
    std::int64_t nextToMake_, nextToGive_;
    std::map<std::int64_t, Slot> ready_;
    std::map<std::int64_t, Order> orders_;  ///< of the one or two epochs in progress
    std::vector<std::jthread> workers_;     ///< last: stops before anything it uses goes
};

/// Evaluation batches in order, the last one may be smaller; no augmentation, no thread.
class EvalBatches {
public:
    /// `limit` pictures at most, 0: all.
    EvalBatches(std::shared_ptr<const Dataset> dataset, int batch, std::int64_t limit, double mean, double std,
                bool imagenetColours = false);
    std::int64_t images() const { return images_; }
    std::int64_t count() const { return (images_ + batch_ - 1) / batch_; }
    Batch batch(std::int64_t number) const;

private:
    std::shared_ptr<const Dataset> dataset_;
    std::int64_t batch_, images_;
    Transform transform_;
};

}  // namespace vl
