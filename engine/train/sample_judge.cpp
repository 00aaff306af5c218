// SPDX-License-Identifier: Apache-2.0
#include "engine/train/sample_judge.h"

#include <algorithm>

#include "engine/metrics/picture_source.h"

namespace vl {
namespace {

constexpr std::int64_t kBatch = 250;
/// Of the data's side; enough for features of a few hundred numbers, seconds on a processor.
constexpr std::int64_t kRealPictures = 5000;

}  // namespace

SampleJudge::SampleJudge(const std::filesystem::path& checkpoint, std::shared_ptr<const Dataset> real)
    : features_(classifierFeatures(checkpoint)), real_(std::move(real)) {}

double SampleJudge::accuracy(const at::Tensor& pictures, const std::vector<int>& labels) {
    std::int64_t right = 0;
    for (std::int64_t from = 0; from < pictures.size(0); from += kBatch) {
        const std::int64_t count = std::min(kBatch, pictures.size(0) - from);
        const at::Tensor chosen =
            features_->extract(pictures.narrow(0, from, count)).probabilities.argmax(1).contiguous();
        for (std::int64_t i = 0; i < count; ++i)
            right += chosen.const_data_ptr<std::int64_t>()[i] == labels[static_cast<std::size_t>(from + i)];
    }
    return static_cast<double>(right) / static_cast<double>(std::max<std::int64_t>(1, pictures.size(0)));
}

std::optional<double> SampleJudge::frechet(const at::Tensor& pictures, const std::function<bool()>& keepGoing) {
    if (!realStatistics_ && !measureReal(keepGoing)) return std::nullopt;
    GaussianStatistics samples;
    for (std::int64_t from = 0; from < pictures.size(0); from += kBatch)
        samples.add(features_->extract(pictures.narrow(0, from, std::min(kBatch, pictures.size(0) - from))).pooled);
    return frechetDistance(samples.mean(), samples.covariance(), realStatistics_->mean(),
                           realStatistics_->covariance());
}

bool SampleJudge::measureReal(const std::function<bool()>& keepGoing) {
    GaussianStatistics statistics;
    const auto source = datasetPictures(real_);
    const std::int64_t total = std::min(kRealPictures, real_->size());
    for (std::int64_t from = 0; from < total; from += kBatch) {
        if (keepGoing && !keepGoing()) return false;
        statistics.add(features_->extract(source->next(std::min(kBatch, total - from)).pictures).pooled);
    }
    realStatistics_ = std::move(statistics);
    return true;
}

}  // namespace vl
