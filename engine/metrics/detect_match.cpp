// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/detect_match.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace vl {
namespace {

constexpr double kSmall = 32 * 32, kLarge = 96 * 96, kEndless = 1e10;
constexpr std::array<std::pair<double, double>, kAreaRanges> kRanges{
    {{0, kEndless}, {0, kSmall}, {kSmall, kLarge}, {kLarge, kEndless}}};

bool outside(double area, std::size_t range) { return area < kRanges[range].first || area > kRanges[range].second; }

/// Matching at one overlap and in one range of areas: the best free true object for each found one, best score first.
class Matching {
public:
    Matching(const std::vector<JudgedTruth>& truth, std::size_t range) : truth_(truth) {
        for (const JudgedTruth& object : truth)
            ignored_.push_back(object.ignored || outside(object.area, range));
        // Those that count come first, so that an ignored one is taken only by what finds nothing else.
        order_.resize(truth.size());
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::stable_sort(order_.begin(), order_.end(),
                         [&](std::size_t a, std::size_t b) { return !ignored_[a] && ignored_[b]; });
    }

    std::int64_t wanted() const { return std::count(ignored_.begin(), ignored_.end(), false); }
    bool ignored(std::size_t truth) const { return ignored_[truth]; }
    void begin() { taken_.assign(truth_.size(), false); }

    /// The index of the true object, truth.size(): none. `overlaps` of this found object with each true one.
    std::size_t take(const double* overlaps, double least) {
        double best = std::min(least, 1 - 1e-10);
        std::size_t match = truth_.size();
        for (const std::size_t candidate : order_) {
            if (taken_[candidate] && !truth_[candidate].ignored) continue;
            if (match != truth_.size() && !ignored_[match] && ignored_[candidate]) break;
            if (overlaps[candidate] < best) continue;
            best = overlaps[candidate];
            match = candidate;
        }
        if (match != truth_.size()) taken_[match] = true;
        return match;
    }

private:
    const std::vector<JudgedTruth>& truth_;
    std::vector<bool> ignored_, taken_;
    std::vector<std::size_t> order_;
};

struct Counted {
    double score;
    std::uint16_t matched, ignored;
};

/// Precision at evenly spaced recalls; what lies beyond the last recall is 0.
void sampleCurve(const std::vector<double>& recalls, const std::vector<double>& precisions,
                 const std::vector<double>& at, double* sampled) {
    for (std::size_t r = 0; r < at.size(); ++r) {
        const auto reached = std::lower_bound(recalls.begin(), recalls.end(), at[r]);
        if (reached == recalls.end()) return;
        sampled[r] = precisions[static_cast<std::size_t>(reached - recalls.begin())];
    }
}

/// Recall reached at one overlap; fills that overlap's kRecalls precisions.
double oneCurve(const std::vector<Counted>& objects, std::size_t overlap, std::int64_t wanted,
                const std::vector<double>& at, double* sampled) {
    std::vector<double> recalls, precisions;
    double right = 0, wrong = 0;
    for (const Counted& object : objects) {
        const bool counts = (object.ignored >> overlap & 1) == 0, matched = (object.matched >> overlap & 1) != 0;
        right += counts && matched ? 1 : 0;
        wrong += counts && !matched ? 1 : 0;
        recalls.push_back(right / static_cast<double>(wanted));
        precisions.push_back(right / (wrong + right + std::numeric_limits<double>::epsilon()));
    }
    for (std::size_t i = precisions.size(); i-- > 1;)
        precisions[i - 1] = std::max(precisions[i - 1], precisions[i]);
    sampleCurve(recalls, precisions, at, sampled);
    return recalls.empty() ? 0 : recalls.back();
}

}  // namespace

std::vector<double> evenly(double first, double last, std::size_t steps) {
    std::vector<double> values(steps);
    const double step = (last - first) / static_cast<double>(steps - 1);
    for (std::size_t i = 0; i < steps; ++i)
        values[i] = static_cast<double>(i) * step + first;
    values.back() = last;
    return values;
}

JudgedPicture judgePicture(const std::vector<JudgedTruth>& truth, const std::vector<JudgedObject>& found,
                           const std::vector<double>& overlaps) {
    static const std::vector<double> thresholds = evenly(0.5, 0.95, kOverlaps);
    JudgedPicture picture;
    for (const JudgedObject& object : found)
        picture.fates.push_back({object.score, {}, {}});
    for (std::size_t range = 0; range < kAreaRanges; ++range) {
        Matching matching(truth, range);
        picture.wanted[range] = matching.wanted();
        for (std::size_t t = 0; t < kOverlaps; ++t) {
            const auto bit = static_cast<std::uint16_t>(1u << t);
            matching.begin();
            for (std::size_t i = 0; i < found.size(); ++i) {
                const std::size_t match = matching.take(overlaps.data() + i * truth.size(), thresholds[t]);
                const bool matched = match != truth.size();
                if (matched) picture.fates[i].matched[range] |= bit;
                if (matched ? matching.ignored(match) : outside(found[i].area, range))
                    picture.fates[i].ignored[range] |= bit;
            }
        }
    }
    return picture;
}

ClassCurve curveOf(const std::vector<JudgedPicture>& pictures, std::size_t areaRange, std::size_t most) {
    static const std::vector<double> recallsAt = evenly(0, 1, kRecalls);
    std::vector<Counted> objects;
    std::int64_t wanted = 0;
    for (const JudgedPicture& picture : pictures) {
        wanted += picture.wanted[areaRange];
        for (std::size_t i = 0; i < std::min(most, picture.fates.size()); ++i)
            objects.push_back(
                {picture.fates[i].score, picture.fates[i].matched[areaRange], picture.fates[i].ignored[areaRange]});
    }
    if (wanted == 0) return {};
    std::stable_sort(objects.begin(), objects.end(),
                     [](const Counted& a, const Counted& b) { return a.score > b.score; });
    ClassCurve curve{std::vector<double>(kOverlaps * kRecalls, 0), std::vector<double>(kOverlaps, 0)};
    for (std::size_t t = 0; t < kOverlaps; ++t)
        curve.recall[t] = oneCurve(objects, t, wanted, recallsAt, curve.precision.data() + t * kRecalls);
    return curve;
}

}  // namespace vl
