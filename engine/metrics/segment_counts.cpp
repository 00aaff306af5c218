// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/segment_counts.h"

#include <cmath>
#include <limits>
#include <string>

#include "engine/core/error.h"

namespace vl {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double share(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? kNothing : static_cast<double>(part) / static_cast<double>(whole);
}

/// Of those that are numbers.
double meanOf(const std::vector<double>& values) {
    double sum = 0;
    int count = 0;
    for (const double value : values)
        if (!std::isnan(value)) sum += value, ++count;
    return count == 0 ? kNothing : sum / count;
}

}  // namespace

SegmentCounts::SegmentCounts(int classes) : classes_(classes) {
    if (classes < 1 || classes > kNoClass)
        throw Error(ErrorCode::Usage, "A segmentation has 1 to 255 classes, not " + std::to_string(classes) + ".");
    confusion_.assign(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes), 0);
}

void SegmentCounts::add(std::span<const std::uint8_t> truth, std::span<const std::uint8_t> prediction) {
    if (truth.size() != prediction.size())
        throw Error(ErrorCode::Mismatch, "Truth and prediction have different numbers of pixels.",
                    "Compare masks of one size.");
    const auto classes = static_cast<std::size_t>(classes_);
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (truth[i] == kNoClass || (truth[i] < classes && prediction[i] < classes)) continue;
        const int wrong = truth[i] < classes ? prediction[i] : truth[i];
        throw Error(ErrorCode::Mismatch,
                    "A pixel is of class " + std::to_string(wrong) + ", but there are " + std::to_string(classes_) +
                        " classes.",
                    "Use the classes the model was trained on; 255 marks pixels that count for nothing.");
    }
    for (std::size_t i = 0; i < truth.size(); ++i)
        if (truth[i] != kNoClass) ++confusion_[truth[i] * classes + prediction[i]];
}

void SegmentCounts::add(const SegmentCounts& other) {
    if (other.classes_ != classes_)
        throw Error(ErrorCode::Mismatch, "Counts of different numbers of classes cannot be added.");
    for (std::size_t i = 0; i < confusion_.size(); ++i)
        confusion_[i] += other.confusion_[i];
}

SegmentScores SegmentCounts::scores() const {
    SegmentScores scores;
    scores.confusion = confusion_;
    const auto classes = static_cast<std::size_t>(classes_);
    std::int64_t right = 0, all = 0;
    for (std::size_t c = 0; c < classes; ++c) {
        std::int64_t truth = 0, predicted = 0;
        for (std::size_t other = 0; other < classes; ++other) {
            truth += confusion_[c * classes + other];
            predicted += confusion_[other * classes + c];
        }
        const std::int64_t both = confusion_[c * classes + c];
        scores.iou.push_back(share(both, truth + predicted - both));
        scores.accuracy.push_back(share(both, truth));
        right += both;
        all += truth;
    }
    scores.meanIou = meanOf(scores.iou);
    scores.meanAccuracy = meanOf(scores.accuracy);
    scores.pixelAccuracy = share(right, all);
    return scores;
}

}  // namespace vl
