// SPDX-License-Identifier: Apache-2.0
#include "app/cli/checkpoint_table.h"

#include <array>
#include <cstdio>
#include <vector>

#include "app/cli/console.h"
#include "engine/core/text.h"

namespace vl::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShown = 8, kScalarsShown = 24;

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text;
    for (const auto size : shape)
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return shape.empty() ? "scalar" : text;
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

void line(std::string& out, const std::string& name, const std::string& value) {
    out += name + std::string(name.size() < 13 ? 13 - name.size() : 1, ' ') + value + "\n";
}

/// One line a name, at most kShown of them.
void list(std::string& out, const std::string& title, const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size() && i < kShown; ++i)
        line(out, i == 0 ? title : "", printable(names[i]));
    if (names.size() > kShown) line(out, "", "and " + std::to_string(names.size() - kShown) + " more");
}

std::string modelText(const Recognition& r) {
    if (!r.known) return "not recognised";
    const auto sure = std::to_string(static_cast<int>(100 * r.confidence)) + " % sure";
    return r.spec.name + " (" + r.naming + " names, " + sure + ")";
}

std::vector<std::string> differences(const Recognition& r) {
    std::vector<std::string> rows;
    for (const ShapeDifference& d : r.differences) {
        const auto found = d.found.empty() ? "not there" : shapeText(d.found);
        rows.push_back(d.name + ": " + found + " for " + shapeText(d.expected) +
                       (d.remedy.empty() ? ", cannot be loaded" : ", " + d.remedy));
    }
    return rows;
}

std::string setText(const WeightSet& set) {
    return (set.chosen ? "* " : "  ") + (set.prefix.empty() ? std::string("(top level)") : printable(set.prefix)) +
           "  " + thousands(static_cast<std::int64_t>(set.tensors)) + " tensors, " +
           thousands(static_cast<std::int64_t>(set.elements)) + " numbers" + (set.averaged ? ", averaged" : "");
}

std::string tensorTable(const CheckpointReport& report) {
    std::vector<std::vector<std::string>> rows{{"tensor", "type", "shape", "role"}};
    if (report.statisticsDone) rows[0].insert(rows[0].end(), {"mean", "std", "min", "max", "zeros", "NaN", "inf"});
    for (const TensorRow& t : report.tensors) {
        std::vector<std::string> row{printable(t.name), t.dtype, shapeText(t.shape), toString(t.role)};
        if (report.statisticsDone && t.statistics) {
            const TensorStatistics& s = *t.statistics;
            row.insert(row.end(), {number(s.mean), number(s.std), number(s.min), number(s.max), std::to_string(s.zeros),
                                   std::to_string(s.nan), std::to_string(s.infinite)});
        }
        rows.push_back(std::move(row));
    }
    return table(rows);
}

Json statisticsJson(const TensorStatistics& s) {
    return {{"mean", s.mean},    {"std", s.std},           {"min", s.min},
            {"max", s.max},      {"elements", s.elements}, {"nan", s.nan},
            {"inf", s.infinite}, {"zeros", s.zeros},       {"histogram", s.histogram}};
}

Json recognitionJson(const Recognition& r) {
    Json shapes = Json::array();
    for (const ShapeDifference& d : r.differences)
        shapes.push_back({{"name", d.name}, {"expected", d.expected}, {"found", d.found}, {"remedy", d.remedy}});
    return {{"known", r.known},
            {"model", r.spec.name},
            {"family", r.spec.family},
            {"preset", r.preset},
            {"naming", r.naming},
            {"confidence", r.confidence},
            {"explanation", r.explanation},
            {"image_size", r.spec.imageSize},
            {"patch_size", r.spec.patchSize},
            {"classes", r.spec.numClasses},
            {"missing", r.missing},
            {"unexpected", r.unexpected},
            {"differences", shapes},
            {"notes", r.notes}};
}

}  // namespace

std::string byteText(std::uint64_t bytes) {
    constexpr std::array units{" bytes", " kB", " MB", " GB", " TB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (size >= 1000 && unit + 1 < units.size())
        size /= 1000, ++unit;
    return formatFixed(size, unit ? 1 : 0) + units[unit];
}

std::string describeCheckpoint(const CheckpointReport& report, bool tensors) {
    const Recognition& r = report.recognition;
    std::string out;
    line(out, "file", printable(report.file.string(), 200));
    line(out, "format",
         report.format + ", " + byteText(report.fileBytes) + ", " +
             thousands(static_cast<std::int64_t>(report.tensors.size())) + " tensors");
    line(out, "model", modelText(r));
    line(out, "", r.explanation);
    if (r.known)
        line(out, "input",
             std::to_string(r.spec.inChannels) + " x " + std::to_string(r.spec.imageSize) + " x " +
                 std::to_string(r.spec.imageSize) + ", patch " + std::to_string(r.spec.patchSize) + ", " +
                 thousands(r.spec.numClasses) + " classes");
    std::vector<std::string> sets;
    for (const WeightSet& set : report.weights)
        sets.push_back(setText(set));
    list(out, "weights", sets);
    list(out, "missing", r.missing);
    list(out, "unexpected", r.unexpected);
    list(out, "differs", differences(r));
    for (std::size_t i = 0; i < r.notes.size(); ++i)
        line(out, i ? "" : "notes", r.notes[i]);
    for (std::size_t i = 0; i < report.scalars.size() && i < kScalarsShown; ++i)
        line(out, i ? "" : "values", printable(report.scalars[i].name) + " = " + printable(report.scalars[i].text));
    if (report.scalars.size() > kScalarsShown)
        line(out, "", "and " + std::to_string(report.scalars.size() - kScalarsShown) + " more");
    list(out, "not read", report.opaque);
    if (tensors || report.statisticsDone) out += "\n" + tensorTable(report);
    return out;
}

Json toJson(const CheckpointReport& report) {
    Json sets = Json::array(), values = Json::object(), rows = Json::array();
    for (const WeightSet& set : report.weights)
        sets.push_back({{"prefix", set.prefix},
                        {"tensors", set.tensors},
                        {"elements", set.elements},
                        {"averaged", set.averaged},
                        {"chosen", set.chosen}});
    for (const ScalarRow& scalar : report.scalars)
        values[scalar.name] = scalar.text;
    for (const TensorRow& t : report.tensors) {
        Json row = {{"name", t.name},   {"dtype", t.dtype},         {"shape", t.shape},
                    {"bytes", t.bytes}, {"role", toString(t.role)}, {"model_name", t.modelName}};
        if (t.statistics) row["statistics"] = statisticsJson(*t.statistics);
        rows.push_back(std::move(row));
    }
    return {{"file", report.file.string()},
            {"format", report.format},
            {"bytes", report.fileBytes},
            {"recognition", recognitionJson(report.recognition)},
            {"weights", sets},
            {"values", values},
            {"not_read", report.opaque},
            {"tensors", rows}};
}

}  // namespace vl::cli
