// SPDX-License-Identifier: Apache-2.0
#include "app/cli/eval_report.h"

#include <cmath>
#include <numeric>

#include "app/cli/console.h"
#include "app/cli/dense_arguments.h"
#include "engine/core/text.h"

namespace vl::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Measures of one class or of all; what does not occur is below zero or NaN.
struct Row {
    std::string name;
    std::vector<double> values;
};
struct Table {
    std::vector<std::string> columns;  ///< of the values
    std::vector<std::string> keys;     ///< the same for programs
    std::vector<Row> rows;             ///< the last one: all classes
};

bool occurs(double value) { return value >= 0; }

double at(const std::vector<double>& values, std::size_t index) { return index < values.size() ? values[index] : -1; }

Table tableOf(const DenseReport& report) {
    Table table;
    if (report.segment) {
        table.columns = {"IoU", "Acc"};
        table.keys = {"iou", "accuracy"};
        for (std::size_t c = 0; c < report.classes.names.size(); ++c)
            table.rows.push_back({report.classes.names[c], {at(report.segment->iou, c), at(report.segment->accuracy, c)}});
        table.rows.push_back({"all", {report.segment->meanIou, report.segment->meanAccuracy}});
        return table;
    }
    const DetectScores& d = *report.detect;
    table.columns = {"box AP", "box AP50", "mask AP", "mask AP50"};
    table.keys = {"box_ap", "box_ap50", "mask_ap", "mask_ap50"};
    for (std::size_t c = 0; c < report.classes.names.size(); ++c)
        table.rows.push_back({report.classes.names[c],
                              {at(d.boxAp, c), ap50(d.boxCurves, c), at(d.maskAp, c), ap50(d.maskCurves, c)}});
    table.rows.push_back({"all", {d.boxes.ap, d.boxes.ap50, d.masks.ap, d.masks.ap50}});
    return table;
}

std::string percent(double value) { return occurs(value) ? formatFixed(100 * value, 2) : "-"; }
Json number(double value) { return occurs(value) ? Json(value) : Json(nullptr); }

Json averagesJson(const AverageScores& a) {
    return {{"ap", number(a.ap)},           {"ap50", number(a.ap50)},         {"ap75", number(a.ap75)},
            {"ap_small", number(a.apSmall)}, {"ap_medium", number(a.apMedium)}, {"ap_large", number(a.apLarge)},
            {"ar1", number(a.ar1)},         {"ar10", number(a.ar10)},         {"ar100", number(a.ar100)},
            {"ar_small", number(a.arSmall)}, {"ar_medium", number(a.arMedium)}, {"ar_large", number(a.arLarge)}};
}

std::string averagesText(const char* name, const AverageScores& a) {
    return std::string(name) + "  AP " + percent(a.ap) + "  AP50 " + percent(a.ap50) + "  AP75 " + percent(a.ap75) +
           "  small " + percent(a.apSmall) + "  medium " + percent(a.apMedium) + "  large " + percent(a.apLarge) +
           "\n      AR1 " + percent(a.ar1) + "  AR10 " + percent(a.ar10) + "  AR100 " + percent(a.ar100) + "  small " +
           percent(a.arSmall) + "  medium " + percent(a.arMedium) + "  large " + percent(a.arLarge) + "\n";
}

/// RFC 4180.
std::string csvField(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}

}  // namespace

double ap50(const std::vector<std::vector<double>>& curves, std::size_t index) {
    if (index >= curves.size() || curves[index].empty() || !occurs(curves[index].front())) return -1;
    return std::accumulate(curves[index].begin(), curves[index].end(), 0.0) / static_cast<double>(curves[index].size());
}

std::string reportText(const DenseReport& report) {
    const Table figures = tableOf(report);
    std::vector<std::vector<std::string>> rows{{"class"}};
    rows.front().insert(rows.front().end(), figures.columns.begin(), figures.columns.end());
    for (const Row& row : figures.rows) {
        rows.push_back({printable(row.name, 40)});
        for (const double value : row.values)
            rows.back().push_back(percent(value));
    }
    std::string text = table(rows) + "\n";
    if (report.segment)
        text += "mIoU " + percent(report.segment->meanIou) + " %  mAcc " + percent(report.segment->meanAccuracy) +
                " %  pixel accuracy " + percent(report.segment->pixelAccuracy) + " %\n";
    else
        text += averagesText("boxes", report.detect->boxes) + averagesText("masks", report.detect->masks);
    text += report.model + " on " + thousands(report.pictures) + " pictures of " + report.layout + ", " +
            report.testing + ", " + duration(report.seconds) + "\n";
    return text;
}

Json reportJson(const DenseReport& report) {
    const Table figures = tableOf(report);
    Json json = {{"model", report.model},       {"checkpoint", report.checkpoint}, {"data", report.layout},
                 {"path", report.path},         {"testing", report.testing},       {"pictures", report.pictures},
                 {"left_out", report.leftOut}, {"seconds", report.seconds}};
    if (report.segment) {
        json["mean_iou"] = number(report.segment->meanIou);
        json["mean_accuracy"] = number(report.segment->meanAccuracy);
        json["pixel_accuracy"] = number(report.segment->pixelAccuracy);
    } else {
        json["boxes"] = averagesJson(report.detect->boxes);
        json["masks"] = averagesJson(report.detect->masks);
    }
    json["classes"] = Json::array();
    for (std::size_t r = 0; r + 1 < figures.rows.size(); ++r) {
        Json row = {{"class", figures.rows[r].name}};
        for (std::size_t i = 0; i < figures.keys.size(); ++i)
            row[figures.keys[i]] = number(figures.rows[r].values[i]);
        json["classes"].push_back(std::move(row));
    }
    return json;
}

std::string reportCsv(const DenseReport& report) {
    const Table figures = tableOf(report);
    std::string text = "class";
    for (const std::string& key : figures.keys)
        text.append(",").append(key);
    text += "\n";
    for (const Row& row : figures.rows) {
        text += csvField(row.name);
        for (const double value : row.values)
            text.append(",").append(occurs(value) ? formatNumber(value) : std::string());
        text += "\n";
    }
    return text;
}

}  // namespace vl::cli
