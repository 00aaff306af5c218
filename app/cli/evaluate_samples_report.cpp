// SPDX-License-Identifier: Apache-2.0
#include "app/cli/evaluate_samples_report.h"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "engine/core/text.h"

namespace vl::cli {
namespace {

std::string className(const SampleReport& report, std::size_t index) {
    return index < report.classNames.size() ? report.classNames[index] : std::to_string(index);
}

std::string percent(double share) { return formatFixed(100 * share, 2) + " %"; }

std::string withCount(const std::string& name, std::int64_t pictures) {
    return pictures > 0 ? name + ", " + thousands(pictures) + " pictures" : name;
}

void addRow(std::vector<std::vector<std::string>>& rows, const char* name, const std::optional<double>& value) {
    if (value) rows.push_back({name, formatFixed(*value, 4)});
}

}  // namespace

std::optional<double> SampleReport::accuracy() const {
    std::int64_t all = 0, right = 0;
    for (const ClassCount& count : classes) {
        all += count.pictures;
        right += count.right;
    }
    if (all == 0) return std::nullopt;
    return static_cast<double>(right) / static_cast<double>(all);
}

void printReport(const SampleReport& report) {
    std::printf("samples    %s\n", withCount(report.samples, report.pictures).c_str());
    if (!report.reference.empty())
        std::printf("reference  %s\n", withCount(report.reference, report.referencePictures).c_str());
    std::printf("network    %s, %s features\n\n", report.network.c_str(), thousands(report.features).c_str());
    std::vector<std::vector<std::string>> rows{{"measure", "value"}};
    addRow(rows, report.inception ? "FID" : "Frechet distance", report.frechet);
    addRow(rows, "sFID", report.spatialFrechet);
    addRow(rows, "Inception score", report.score);
    addRow(rows, "precision", report.precision);
    addRow(rows, "recall", report.recall);
    if (const auto accuracy = report.accuracy()) rows.push_back({"accuracy", percent(*accuracy)});
    if (rows.size() > 1) std::printf("%s", table(rows).c_str());
    if (report.accuracy()) {
        std::vector<std::vector<std::string>> classes{{"class", "pictures", "accuracy"}};
        for (std::size_t i = 0; i < report.classes.size(); ++i)
            if (const ClassCount& count = report.classes[i]; count.pictures > 0)
                classes.push_back({className(report, i), thousands(count.pictures),
                                   percent(static_cast<double>(count.right) / static_cast<double>(count.pictures))});
        std::printf("\n%s", table(classes).c_str());
    }
    for (const std::string& note : report.notes)
        std::printf("\n%s\n", note.c_str());
}

std::string reportJson(const SampleReport& report) {
    nlohmann::ordered_json json = {{"samples", report.samples}, {"pictures", report.pictures}};
    if (!report.reference.empty()) {
        json["reference"] = report.reference;
        json["reference_pictures"] = report.referencePictures;
    }
    json["network"] = report.network;
    json["features"] = report.features;
    const auto put = [&](const char* key, const std::optional<double>& value) {
        if (value) json[key] = *value;
    };
    put(report.inception ? "fid" : "frechet_distance", report.frechet);
    put("sfid", report.spatialFrechet);
    put("inception_score", report.score);
    put("precision", report.precision);
    put("recall", report.recall);
    put("accuracy", report.accuracy());
    for (std::size_t i = 0; i < report.classes.size(); ++i)
        if (report.classes[i].pictures > 0)
            json["classes"].push_back({{"class", className(report, i)},
                                       {"pictures", report.classes[i].pictures},
                                       {"right", report.classes[i].right}});
    json["notes"] = report.notes;
    json["seconds"] = report.seconds;
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace vl::cli
