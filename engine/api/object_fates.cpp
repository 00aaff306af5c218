// SPDX-License-Identifier: Apache-2.0
#include "engine/api/object_fates.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace vl {
namespace {

double areaOf(const Box& box) {
    return std::max(0.0, static_cast<double>(box[2]) - box[0]) * std::max(0.0, static_cast<double>(box[3]) - box[1]);
}

/// Of a crowd, the share of the found box that lies in it.
double overlapOf(const Box& found, const TrueObject& truth) {
    const Box shared{std::max(found[0], truth.box[0]), std::max(found[1], truth.box[1]),
                     std::min(found[2], truth.box[2]), std::min(found[3], truth.box[3])};
    const double both = areaOf(shared);
    const double whole = truth.crowd ? areaOf(found) : areaOf(found) + areaOf(truth.box) - both;
    return both > 0 ? both / whole : 0;
}

class Fates {
public:
    Fates(const std::vector<FoundObject>& found, const std::vector<TrueObject>& truth, double overlap)
        : found_(found), truth_(truth), overlap_(overlap), hit_(truth.size(), false) {
        fates_.found.assign(found.size(), ObjectFate::False);
        fates_.match.assign(found.size(), -1);
        for (const TrueObject& object : truth)
            fates_.truth.push_back(object.crowd ? ObjectFate::Hit : ObjectFate::Missed);
    }

    void findHits(const std::vector<std::size_t>& order) {
        for (const std::size_t i : order) {
            const int match = best(i, [&](std::size_t t) { return sameClass(i, t) && !truth_[t].crowd && !hit_[t]; });
            if (match < 0) continue;
            hit_[static_cast<std::size_t>(match)] = true;
            set(i, match, ObjectFate::Hit);
            fates_.truth[static_cast<std::size_t>(match)] = ObjectFate::Hit;
        }
    }

    /// What is left: in a crowd, of the wrong class, a second one of the same object, or nothing.
    void judgeOthers(const std::vector<std::size_t>& order) {
        for (const std::size_t i : order) {
            if (fates_.match[i] >= 0) continue;
            const int crowd = best(i, [&](std::size_t t) { return sameClass(i, t) && truth_[t].crowd; });
            if (crowd >= 0) {
                set(i, crowd, ObjectFate::Hit);
                continue;
            }
            int match = best(i, [&](std::size_t t) { return !truth_[t].crowd && !hit_[t]; });
            if (match < 0) match = best(i, [&](std::size_t t) { return !truth_[t].crowd; });
            if (match < 0) continue;
            const auto there = static_cast<std::size_t>(match);
            const bool confused = !sameClass(i, there);
            set(i, match, confused ? ObjectFate::Confused : ObjectFate::False);
            if (confused && !hit_[there]) fates_.truth[there] = ObjectFate::Confused;
        }
    }

    ObjectFates take() { return std::move(fates_); }

private:
    bool sameClass(std::size_t i, std::size_t t) const { return found_[i].label == truth_[t].label; }
    void set(std::size_t i, int match, ObjectFate fate) {
        fates_.match[i] = match;
        fates_.found[i] = fate;
    }

    /// The allowed true object that overlaps most and enough, -1: none.
    template <typename Allowed>
    int best(std::size_t i, Allowed&& allowed) const {
        int match = -1;
        double most = overlap_;
        for (std::size_t t = 0; t < truth_.size(); ++t) {
            if (!allowed(t)) continue;
            const double here = overlapOf(found_[i].box, truth_[t]);
            if (match < 0 ? here < most : here <= most) continue;
            most = here;
            match = static_cast<int>(t);
        }
        return match;
    }

    const std::vector<FoundObject>& found_;
    const std::vector<TrueObject>& truth_;
    double overlap_;
    std::vector<bool> hit_;
    ObjectFates fates_;
};

}  // namespace

ObjectFates objectFates(const std::vector<FoundObject>& found, const std::vector<TrueObject>& truth, double threshold,
                        double overlap) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < found.size(); ++i)
        if (found[i].score >= threshold) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&found](std::size_t a, std::size_t b) { return found[a].score > found[b].score; });
    Fates fates(found, truth, overlap);
    fates.findHits(order);
    fates.judgeOthers(order);
    return fates.take();
}

}  // namespace vl
