// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/detect_judge.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

#include "engine/core/error.h"
#include "engine/data/run_mask.h"
#include "engine/metrics/detect_match.h"

namespace vl {
namespace {

struct Sides {
    double left, top, width, height;
};

Sides sidesOf(const Box& box) {
    return {box[0], box[1], static_cast<double>(box[2]) - box[0], static_cast<double>(box[3]) - box[1]};
}

double boxOverlap(const Box& found, const Box& truth, bool crowd) {
    const Sides a = sidesOf(found), b = sidesOf(truth);
    const double width = std::min(a.left + a.width, b.left + b.width) - std::max(a.left, b.left);
    const double height = std::min(a.top + a.height, b.top + b.height) - std::max(a.top, b.top);
    if (width <= 0 || height <= 0) return 0;
    const double shared = width * height;
    return shared / (crowd ? a.width * a.height : a.width * a.height + b.width * b.height - shared);
}

bool finite(const FoundObject& object) {
    bool all = std::isfinite(object.score);
    for (const float side : object.box)
        all = all && std::isfinite(side);
    return all;
}

using Truths = std::vector<const TrueObject*>;
using Founds = std::vector<const FoundObject*>;

JudgedPicture judgeBoxes(const Truths& truth, const Founds& found) {
    std::vector<JudgedTruth> wanted;
    std::vector<JudgedObject> objects;
    std::vector<double> overlaps;
    for (const TrueObject* object : truth)
        wanted.push_back({object->crowd, object->area});
    for (const FoundObject* object : found) {
        const Sides sides = sidesOf(object->box);
        objects.push_back({object->score, sides.width * sides.height});
        for (const TrueObject* other : truth)
            overlaps.push_back(boxOverlap(object->box, other->box, other->crowd));
    }
    return judgePicture(wanted, objects, overlaps);
}

/// Masks whose boxes are apart share nothing, which is quickly seen.
double maskOverlap(const FoundObject& found, const std::array<double, 4>& foundBox, const TrueObject& truth,
                   const std::array<double, 4>& truthBox) {
    for (const std::size_t axis : {std::size_t{0}, std::size_t{1}})
        if (foundBox[axis] + foundBox[axis + 2] <= truthBox[axis] ||
            truthBox[axis] + truthBox[axis + 2] <= foundBox[axis])
            return 0;
    return overlap(found.mask, truth.mask, truth.crowd);
}

JudgedPicture judgeMasks(const Truths& all, const Founds& found) {
    Truths truth;
    std::copy_if(all.begin(), all.end(), std::back_inserter(truth),
                 [](const TrueObject* object) { return !object->mask.empty(); });
    std::vector<JudgedTruth> wanted;
    std::vector<JudgedObject> objects;
    std::vector<std::array<double, 4>> boxes;
    std::vector<double> overlaps;
    for (const TrueObject* object : truth) {
        wanted.push_back({object->crowd, object->area});
        boxes.push_back(boundingBox(object->mask));
    }
    for (const FoundObject* object : found) {
        objects.push_back({object->score, static_cast<double>(area(object->mask))});
        const auto box = boundingBox(object->mask);
        for (std::size_t i = 0; i < truth.size(); ++i)
            overlaps.push_back(maskOverlap(*object, box, *truth[i], boxes[i]));
    }
    return judgePicture(wanted, objects, overlaps);
}

/// Means over classes and overlaps; what does not occur counts for nothing.
class Mean {
public:
    void add(double value) { sum_ += value, ++count_; }
    double value() const { return count_ == 0 ? -1 : sum_ / static_cast<double>(count_); }

private:
    double sum_ = 0;
    std::int64_t count_ = 0;
};

struct Means {
    Mean precision, precision50, precision75, recall;
    void add(const ClassCurve& curve) {
        for (std::size_t i = 0; i < curve.precision.size(); ++i) {
            precision.add(curve.precision[i]);
            if (i / kRecalls == 0) precision50.add(curve.precision[i]);
            if (i / kRecalls == 5) precision75.add(curve.precision[i]);
        }
        for (const double reached : curve.recall)
            recall.add(reached);
    }
};

using ByClass = std::vector<std::vector<JudgedPicture>>;

Means meansOf(const ByClass& classes, std::size_t areaRange, std::size_t most) {
    Means means;
    for (const auto& pictures : classes)
        means.add(curveOf(pictures, areaRange, most));
    return means;
}

AverageScores averagesOf(const ByClass& classes) {
    const Means all = meansOf(classes, 0, kMostObjects);
    const Means small = meansOf(classes, 1, kMostObjects), medium = meansOf(classes, 2, kMostObjects),
                large = meansOf(classes, 3, kMostObjects);
    AverageScores scores;
    scores.ap = all.precision.value();
    scores.ap50 = all.precision50.value();
    scores.ap75 = all.precision75.value();
    scores.apSmall = small.precision.value();
    scores.apMedium = medium.precision.value();
    scores.apLarge = large.precision.value();
    scores.ar1 = meansOf(classes, 0, 1).recall.value();
    scores.ar10 = meansOf(classes, 0, 10).recall.value();
    scores.ar100 = all.recall.value();
    scores.arSmall = small.recall.value();
    scores.arMedium = medium.recall.value();
    scores.arLarge = large.recall.value();
    return scores;
}

void perClass(const ByClass& classes, std::vector<double>& precisions, std::vector<std::vector<double>>& curves) {
    for (const auto& pictures : classes) {
        const ClassCurve curve = curveOf(pictures, 0, kMostObjects);
        Means means;
        means.add(curve);
        precisions.push_back(means.precision.value());
        curves.emplace_back(kRecalls, -1.0);
        if (!curve.precision.empty()) curves.back().assign(curve.precision.begin(), curve.precision.begin() + kRecalls);
    }
}

/// Pictures by number, those that came first first.
ByClass inOrder(ByClass classes) {
    for (auto& pictures : classes)
        std::stable_sort(pictures.begin(), pictures.end(),
                         [](const JudgedPicture& a, const JudgedPicture& b) { return a.imageId < b.imageId; });
    return classes;
}

}  // namespace

struct DetectJudge::State {
    std::size_t classes;
    ByClass boxes, masks;
    bool found = false, foundMask = false, trueMask = false;

    /// Figures of masks are for models that give masks; nothing found at all is a result too.
    ByClass judged(bool ofMasks) const {
        if (!ofMasks) return inOrder(boxes);
        return trueMask && (foundMask || !found) ? inOrder(masks) : ByClass(classes);
    }

    void add(std::int64_t imageId, std::size_t label, const Truths& truth, Founds objects) {
        std::stable_sort(objects.begin(), objects.end(),
                         [](const FoundObject* a, const FoundObject* b) { return a->score > b->score; });
        if (objects.size() > kMostObjects) objects.resize(kMostObjects);
        boxes[label].push_back(judgeBoxes(truth, objects));
        boxes[label].back().imageId = imageId;
        masks[label].push_back(judgeMasks(truth, objects));
        masks[label].back().imageId = imageId;
    }
};

DetectJudge::DetectJudge(int classes) {
    if (classes < 1) throw Error(ErrorCode::Usage, "A detector has one class or more.");
    const auto count = static_cast<std::size_t>(classes);
    state_ = std::make_unique<State>(State{count, ByClass(count), ByClass(count)});
}

DetectJudge::~DetectJudge() = default;

void DetectJudge::add(std::int64_t imageId, const std::vector<TrueObject>& truth,
                      const std::vector<FoundObject>& found) {
    std::vector<Truths> truths(state_->classes);
    std::vector<Founds> founds(state_->classes);
    const auto checked = [this](int label) {
        if (label >= 0 && static_cast<std::size_t>(label) < state_->classes) return static_cast<std::size_t>(label);
        throw Error(ErrorCode::Mismatch,
                    "An object is of class " + std::to_string(label) + ", but there are " +
                        std::to_string(state_->classes) + " classes.",
                    "Use the classes the model was trained on.");
    };
    for (const TrueObject& object : truth)
        truths[checked(object.label)].push_back(&object);
    for (const FoundObject& object : found)
        if (finite(object)) founds[checked(object.label)].push_back(&object);
    for (const TrueObject& object : truth)
        state_->trueMask = state_->trueMask || !object.mask.empty();
    for (const FoundObject& object : found)
        state_->foundMask = state_->foundMask || !object.mask.empty();
    state_->found = state_->found || !found.empty();
    for (std::size_t label = 0; label < state_->classes; ++label)
        if (!truths[label].empty() || !founds[label].empty())
            state_->add(imageId, label, truths[label], std::move(founds[label]));
}

DetectScores DetectJudge::scores() const {
    DetectScores scores;
    const ByClass boxes = state_->judged(false), masks = state_->judged(true);
    scores.boxes = averagesOf(boxes);
    perClass(boxes, scores.boxAp, scores.boxCurves);
    scores.masks = averagesOf(masks);
    perClass(masks, scores.maskAp, scores.maskCurves);
    return scores;
}

std::vector<double> DetectJudge::precisionByOverlap(bool masks) const {
    std::vector<Mean> means(kOverlaps);
    for (const auto& pictures : state_->judged(masks)) {
        const ClassCurve curve = curveOf(pictures, 0, kMostObjects);
        for (std::size_t i = 0; i < curve.precision.size(); ++i)
            means[i / kRecalls].add(curve.precision[i]);
    }
    std::vector<double> values;
    for (const Mean& mean : means)
        values.push_back(mean.value());
    return values;
}

}  // namespace vl
