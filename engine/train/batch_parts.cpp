// SPDX-License-Identifier: Apache-2.0
#include "engine/train/batch_parts.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <semaphore>
#include <stop_token>
#include <thread>
#include <utility>

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/_foreach_add.h>
#include <c10/core/GradMode.h>

#include "engine/train/model_setup.h"
#include "engine/train/optimiser.h"
#include "engine/train/runtime.h"

namespace vl {
namespace {

/// Pictures `from` to `to` of a batch.
Batch partOf(const Batch& batch, std::int64_t from, std::int64_t to) {
    const auto slice = [&](const auto& all, std::int64_t each) {
        using Items = std::decay_t<decltype(all)>;
        return all.empty() ? Items() : Items(all.begin() + from * each, all.begin() + to * each);
    };
    Batch part;
    part.images = slice(batch.images, std::int64_t{batch.channels} * batch.size * batch.size);
    part.labels = slice(batch.labels, 1);
    part.indices = slice(batch.indices, 1);
    part.targets = slice(batch.targets, 1);
    part.B = to - from;
    part.first = batch.first + from;
    part.channels = batch.channels;
    part.size = batch.size;
    return part;
}

/// Both passes over a part whose loss counts `share` of the batch's.
BatchParts::Loss bothPasses(TrainTask& task, Model& model, const Batch& part, std::int64_t step, double share,
                            const std::function<void()>& forwarded) {
    const c10::AutoGradMode gradients(true);
    const TrainTask::Loss loss = task.loss(model, part, step);
    const double value = loss.value.item<double>();
    if (forwarded) forwarded();
    (share == 1 ? loss.value : loss.value * share).backward();
    return {share * value, share * loss.accuracy};
}

/// This thread computes with so many threads while one lives.
class ThreadShare {
public:
    explicit ThreadShare(int threads) : before_(at::get_num_threads()) { limitThisThread(threads); }
    ~ThreadShare() { limitThisThread(before_); }
    ThreadShare(const ThreadShare&) = delete;
    ThreadShare& operator=(const ThreadShare&) = delete;

private:
    int before_;
};

int threadsEach(int parts) { return std::max(1, at::get_num_threads() / parts); }

}  // namespace

/// A thread with a twin of the model: same weights, gradients and memories of its own. It lives as long as the run.
class BatchParts::Helper {
public:
    Helper(std::unique_ptr<Model> twin, int threads)
        : twin_(std::move(twin)), thread_([this, threads](const std::stop_token& stop) { work(stop, threads); }) {}
    ~Helper() {
        thread_.request_stop();
        begin_.release();
    }
    Helper(const Helper&) = delete;
    Helper& operator=(const Helper&) = delete;

    Model& twin() const { return *twin_; }
    void start(std::function<Loss()> job) {
        job_ = std::move(job);
        begin_.release();
    }
    /// Waits for the job; throws what it threw.
    Loss finish() {
        end_.acquire();
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        return loss_;
    }

private:
    void work(const std::stop_token& stop, int threads) {
        limitThisThread(threads);
        for (begin_.acquire(); !stop.stop_requested(); begin_.acquire()) {
            try {
                loss_ = job_();
            } catch (...) {
                failure_ = std::current_exception();
            }
            job_ = nullptr;
            end_.release();
        }
    }

    std::unique_ptr<Model> twin_;
    std::function<Loss()> job_;
    Loss loss_;
    std::exception_ptr failure_;
    std::binary_semaphore begin_{0}, end_{0};
    std::jthread thread_;  ///< last: it uses the others from its start
};

BatchParts::BatchParts(Model& model, const RunSettings& settings) : model_(model) {
    for (int part = 1; part < settings.train.parts; ++part)
        helpers_.push_back(std::make_unique<Helper>(setUpTwin(settings, model), threadsEach(settings.train.parts)));
}

BatchParts::~BatchParts() = default;

BatchParts::Loss BatchParts::backward(TrainTask& task, const Batch& batch, std::int64_t step,
                                      const std::function<void()>& forwarded) {
    clearGradients(model_.parameters());
    if (helpers_.empty()) return bothPasses(task, model_, batch, step, 1, forwarded);

    const auto parts = static_cast<std::int64_t>(helpers_.size()) + 1;
    const auto run = [&](Model& model, std::int64_t part, const std::function<void()>& told) {
        const std::int64_t from = batch.B * part / parts, to = batch.B * (part + 1) / parts;
        const double share = static_cast<double>(to - from) / static_cast<double>(batch.B);
        return bothPasses(task, model, partOf(batch, from, to), step, share, told);
    };
    for (std::int64_t part = 1; part < parts; ++part) {
        Helper& helper = *helpers_[static_cast<std::size_t>(part - 1)];
        clearGradients(helper.twin().parameters());
        if (model_.hasSoftMask()) helper.twin().setSoftMask(model_.softMask());
        helper.start([&run, &helper, part] { return run(helper.twin(), part, {}); });
    }
    Loss sum;
    std::exception_ptr failure;
    try {
        const ThreadShare share(threadsEach(static_cast<int>(parts)));
        sum = run(model_, 0, forwarded);
    } catch (...) {
        failure = std::current_exception();
    }
    for (const auto& helper : helpers_) {  // each is waited for, whatever happened: they look at this batch
        try {
            const Loss loss = helper->finish();
            sum.value += loss.value;
            sum.accuracy += loss.accuracy;
            if (!failure) addGradients(*helper);
        } catch (...) {
            if (!failure) failure = std::current_exception();
        }
    }
    if (!failure) return sum;
    clearGradients(model_.parameters());
    std::rethrow_exception(failure);
}

void BatchParts::addGradients(const Helper& helper) {
    const std::span<Parameter> own = model_.parameters(), theirs = helper.twin().parameters();
    std::vector<at::Tensor> to, from;
    for (std::size_t i = 0; i < own.size(); ++i) {
        const at::Tensor& gradient = theirs[i].tensor.grad();
        if (!gradient.defined()) continue;
        if (own[i].tensor.grad().defined()) {
            to.push_back(own[i].tensor.grad());
            from.push_back(gradient);
        } else {
            own[i].tensor.mutable_grad() = gradient;
        }
    }
    const c10::NoGradGuard noGrad;
    if (!to.empty()) at::_foreach_add_(to, from);
}

}  // namespace vl
