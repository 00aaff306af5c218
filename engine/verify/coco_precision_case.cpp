// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>
#include <map>
#include <string>

#include "engine/data/coco_truth.h"
#include "engine/metrics/detect_judge.h"
#include "engine/verify/recorded_model.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-6;

void compareList(const std::string& name, const json& recorded, std::span<const double> got, CaseReport& report) {
    if (recorded.size() != got.size()) return report.miss(name, "it has another number of figures");
    FurthestNumber furthest(name, kTolerance);
    for (std::size_t i = 0; i < got.size(); ++i)
        furthest.see("figure " + std::to_string(i), recorded.at(i), got[i], 1);
    furthest.tell(report);
}

std::array<double, 12> listed(const AverageScores& s) {
    return {s.ap,  s.ap50, s.ap75,  s.apSmall, s.apMedium, s.apLarge,
            s.ar1, s.ar10, s.ar100, s.arSmall, s.arMedium, s.arLarge};
}

void compareKind(const std::string& name, const json& recorded, const CocoTruth& truth, const AverageScores& averages,
                 const std::vector<double>& perClass, const std::vector<double>& perOverlap, CaseReport& report) {
    compareList(name + " twelve figures", recorded.at("stats"), listed(averages), report);
    FurthestNumber furthest(name + " AP by category", kTolerance);
    for (const auto& [category, value] : recorded.at("AP_per_category").items()) {
        const int label = truth.labelOf(std::atoll(category.c_str()));
        if (label < 0) return report.miss(name + " AP by category", "category " + category + " is not listed");
        furthest.see(category, value, perClass.at(static_cast<std::size_t>(label)), 1);
    }
    furthest.tell(report);
    compareList(name + " AP by overlap", recorded.at("AP_per_iou"), perOverlap, report);
}

}  // namespace

void replayCocoPrecision(const json& recorded, CaseReport& report) {
    const CocoTruth truth(parseCocoFile(recorded.at("annotations").dump(), "The case's list of annotations"));
    std::map<std::int64_t, std::vector<FoundObject>> found;
    for (const CocoResult& result : parseCocoResults(recorded.at("results").dump(), "The case's list of results")) {
        const int label = truth.labelOf(result.categoryId);
        if (label >= 0) found[result.imageId].push_back(foundObject(result, label));
    }
    DetectJudge judge(static_cast<int>(truth.classes().names.size()));
    for (std::size_t i = 0; i < truth.size(); ++i)
        judge.add(truth.image(i).id, truth.objects(i), found[truth.image(i).id]);
    const DetectScores scores = judge.scores();
    compareKind("boxes", recorded.at("bbox"), truth, scores.boxes, scores.boxAp, judge.precisionByOverlap(false),
                report);
    compareKind("masks", recorded.at("segm"), truth, scores.masks, scores.maskAp, judge.precisionByOverlap(true),
                report);
}

}  // namespace vl
