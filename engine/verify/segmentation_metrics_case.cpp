// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/metrics/segment_counts.h"
#include "engine/nn/recorded_fill.h"
#include "engine/verify/detect_case_parts.h"
#include "engine/verify/recorded_model.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-6;          // the figures were recorded in float32
constexpr double kRoundedPercent = 0.00501;  // percentages have two digits after the point

struct Maps {
    std::vector<std::uint8_t> truth, prediction;
};

/// Labels and predictions by the case's "maps" rule.
Maps mapsOf(const json& set, int classes) {
    std::uint64_t pixels = 1;
    for (const json& side : set.at("shape"))
        pixels *= static_cast<std::uint64_t>(recordedSize(side, "shape", 1, 256));
    const auto stream = [&set](const char* field) { return set.at(field).get<std::string>(); };
    const std::string label = stream("label"), prediction = stream("pred"), agree = stream("agree"),
                      ignore = stream("ignore");
    const int labelClasses =
        static_cast<int>(recordedSize(set.value("label_classes", classes), "label_classes", 1, 200));
    const int predictedClasses =
        static_cast<int>(recordedSize(set.value("pred_classes", classes), "pred_classes", 1, 200));
    const double agreeBelow = set.at("agree_below"), ignoreBelow = set.at("ignore_below");
    const bool reduceZero = set.value("reduce_zero_label", false);
    const auto classAt = [](const std::string& name, std::uint64_t index, int count) {
        return static_cast<int>(
            std::floor(static_cast<float>(recordedUniform(name, index) + 1) / 2 * static_cast<float>(count)));
    };
    Maps maps;
    for (std::uint64_t i = 0; i < pixels; ++i) {
        int truth = classAt(label, i, labelClasses);
        int found = classAt(prediction, i, predictedClasses);
        if (recordedUniform(agree, i) < agreeBelow) found = std::min(truth, classes - 1);
        if (reduceZero) truth = truth == 0 ? kNoClass : truth - 1;
        if (recordedUniform(ignore, i) < ignoreBelow) truth = kNoClass;
        maps.truth.push_back(static_cast<std::uint8_t>(truth));
        maps.prediction.push_back(static_cast<std::uint8_t>(found));
    }
    return maps;
}

/// A figure of every class; null where it is not defined.
void compareFigures(const std::string& name, const json& recorded, const std::vector<double>& got, CaseReport& report) {
    if (recorded.size() != got.size()) return report.miss(name, "it has another number of classes");
    FurthestNumber furthest(name, kTolerance);
    for (std::size_t c = 0; c < got.size(); ++c) {
        if (recorded[c].is_null() != std::isnan(got[c]))
            return report.miss(name, "class " + std::to_string(c) + " is defined in one only");
        if (!recorded[c].is_null()) furthest.see("class " + std::to_string(c), recorded[c], got[c], 1);
    }
    furthest.tell(report);
}

struct Areas {
    std::vector<double> both, together, predicted, truth;
};

Areas areasOf(const SegmentScores& scores, std::size_t classes) {
    Areas areas{std::vector<double>(classes), std::vector<double>(classes), std::vector<double>(classes),
                std::vector<double>(classes)};
    for (std::size_t c = 0; c < classes; ++c) {
        for (std::size_t other = 0; other < classes; ++other) {
            areas.truth[c] += static_cast<double>(scores.confusion[c * classes + other]);
            areas.predicted[c] += static_cast<double>(scores.confusion[other * classes + c]);
        }
        areas.both[c] = static_cast<double>(scores.confusion[c * classes + c]);
        areas.together[c] = areas.truth[c] + areas.predicted[c] - areas.both[c];
    }
    return areas;
}

/// Figures mmseg derives from the same areas; 0 / 0 is not a number, as there.
void compareDerived(const std::string& name, const json& set, const Areas& areas, CaseReport& report) {
    std::vector<double> dice, precision, score;
    for (std::size_t c = 0; c < areas.both.size(); ++c) {
        const double right = areas.both[c] / areas.predicted[c], reached = areas.both[c] / areas.truth[c];
        dice.push_back(2 * areas.both[c] / (areas.predicted[c] + areas.truth[c]));
        precision.push_back(right);
        score.push_back(2 * right * reached / (right + reached));
    }
    compareFigures(name + " Dice", set.at("Dice"), dice, report);
    compareFigures(name + " precision", set.at("Precision"), precision, report);
    compareFigures(name + " F-score", set.at("Fscore"), score, report);
}

void compareSet(const std::string& name, const json& set, int classes, CaseReport& report) {
    const Maps maps = mapsOf(set, classes);
    SegmentCounts counts(classes);
    // In two parts, as pictures come one by one.
    const std::size_t half = maps.truth.size() / 2;
    SegmentCounts rest(classes);
    counts.add(std::span(maps.truth).first(half), std::span(maps.prediction).first(half));
    rest.add(std::span(maps.truth).subspan(half), std::span(maps.prediction).subspan(half));
    counts.add(rest);
    const SegmentScores scores = counts.scores();

    const Areas areas = areasOf(scores, static_cast<std::size_t>(classes));
    compareFigures(name + " area of both", set.at("area_intersect"), areas.both, report);
    compareFigures(name + " area together", set.at("area_union"), areas.together, report);
    compareFigures(name + " predicted area", set.at("area_pred"), areas.predicted, report);
    compareFigures(name + " true area", set.at("area_label"), areas.truth, report);
    compareFigures(name + " IoU", set.at("IoU"), scores.iou, report);
    compareFigures(name + " accuracy", set.at("Acc"), scores.accuracy, report);
    compareDerived(name, set, areas, report);

    const json &means = set.at("mean_over_finite"), &percent = set.at("reported_percent");
    report.number(name + " aAcc", set.at("aAcc"), scores.pixelAccuracy, kTolerance);
    report.number(name + " mean IoU", means.at("IoU"), scores.meanIou, kTolerance);
    report.number(name + " mean accuracy", means.at("Acc"), scores.meanAccuracy, kTolerance);
    const auto rounded = [&](const char* field, double got) {
        report.add(
            {name + " reported " + field, std::abs(percent.at(field).get<double>() - 100 * got), kRoundedPercent, ""});
    };
    rounded("aAcc", scores.pixelAccuracy);
    rounded("mIoU", scores.meanIou);
    rounded("mAcc", scores.meanAccuracy);
}

}  // namespace

void replaySegmentationMetrics(const json& recorded, CaseReport& report) {
    const int classes = static_cast<int>(recordedSize(recorded.at("num_classes"), "num_classes", 1, 200));
    const json& sets = recorded.at("sets");
    for (std::size_t i = 0; i < sets.size(); ++i)
        compareSet("set " + std::to_string(i), sets.at(i), classes, report);
}

}  // namespace vl
