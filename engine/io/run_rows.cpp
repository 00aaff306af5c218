// SPDX-License-Identifier: Apache-2.0
#include "engine/io/run_rows.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "engine/core/text.h"

namespace vl {
namespace {

using Json = nlohmann::json;

template <typename Row, typename Field>
void eachField(Row& row, Field&& field) {
    field("step", row.step);
    if constexpr (requires { row.wallSeconds; }) {
        field("time", row.wallSeconds);
        field("text", row.text);
        field("detail", row.detail);
    } else {
        field("epoch", row.epoch);
        field("seconds", row.seconds);
        field("loss", row.loss);
        field("accuracy", row.accuracy);
        if constexpr (requires { row.images; }) {
            field("images", row.images);
            constexpr bool kReads = !std::is_const_v<Row>;  // of denoisers alone, so written only where there is one
            if (kReads || row.frechet >= 0) field("frechet", row.frechet);
            if (kReads || row.meanIou >= 0) field("mean_iou", row.meanIou);
            if (kReads || row.boxAp >= 0) {
                field("box_ap", row.boxAp);
                field("box_ap50", row.boxAp50);
                field("mask_ap", row.maskAp);
            }
            if (kReads || !row.classScores.empty()) field("class_scores", row.classScores);
            if (kReads || !row.bucketLoss.empty()) field("loss_by_time", row.bucketLoss);
        } else {
            field("lr", row.lr);
            field("alpha", row.alpha);
            field("grad_norm", row.gradNorm);
            field("images_per_second", row.imagesPerSecond);
            field("data_ms", row.dataMs);
            field("forward_ms", row.forwardMs);
            field("backward_ms", row.backwardMs);
            field("optimiser_ms", row.optimiserMs);
            field("inspect_ms", row.inspectMs);
        }
    }
}

std::string valueText(std::int64_t value) { return std::to_string(value); }
std::string valueText(double value) { return std::isfinite(value) ? formatNumber(value) : "null"; }
/// Times to the microsecond: a float's own digits are noise.
std::string valueText(float value) { return std::isfinite(value) ? formatNumber(std::round(value * 1000.0) / 1000.0) : "null"; }
std::string valueText(const std::vector<double>& values) {
    std::string list;
    for (const double value : values)
        list += (list.empty() ? "" : ",") + valueText(value);
    return "[" + list + "]";
}
std::string valueText(const std::string& value) { return Json(value).dump(-1, ' ', false, Json::error_handler_t::replace); }

template <typename Row>
std::string lineOf(const char* kind, const Row& row) {
    std::string line = std::string("{\"kind\":\"") + kind + '"';
    eachField(row, [&](const char* name, const auto& value) {
        line += ",\"";
        line += name;
        line += "\":" + valueText(value);
    });
    line += "}\n";
    return line;
}

void take(const Json& value, std::int64_t& to) {
    if (value.is_number_integer()) to = value.get<std::int64_t>();
}
template <typename Real>
    requires std::is_floating_point_v<Real>
void take(const Json& value, Real& to) {
    to = value.is_number() ? static_cast<Real>(value.get<double>()) : std::numeric_limits<Real>::quiet_NaN();
}
void take(const Json& value, std::vector<double>& to) {
    constexpr std::size_t kMost = 1000;  // a line of another program must not fill the memory
    if (!value.is_array() || value.size() > kMost) return;
    to.resize(value.size());
    for (std::size_t i = 0; i < to.size(); ++i)
        take(value[i], to[i]);
}
void take(const Json& value, std::string& to) {
    if (value.is_string()) to = value.get<std::string>();
}

template <typename Row>
Row rowOf(const Json& json) {
    Row row;
    eachField(row, [&](const char* name, auto& field) {
        if (const auto found = json.find(name); found != json.end()) take(*found, field);
    });
    return row;
}

/// Calls `use(kind, json)` for every line that is a JSON object with a kind.
template <typename Use>
void eachLine(std::string_view lines, Use&& use) {
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        const auto line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        const auto json = Json::parse(line.begin(), line.end(), nullptr, false);
        if (!json.is_object()) continue;
        if (const auto kind = json.find("kind"); kind != json.end() && kind->is_string() && json.contains("step"))
            use(kind->template get_ref<const std::string&>(), json);
    }
}

template <typename Row>
void dropAfter(std::vector<Row>& rows, std::int64_t step) {
    std::erase_if(rows, [&](const Row& row) { return row.step > step; });
}

}  // namespace

std::string rowText(const StepMetrics& row) { return lineOf("step", row); }
std::string rowText(const EvalMetrics& row) { return lineOf("eval", row); }
std::string rowText(const RunEvent& event) { return lineOf(toString(event.kind), event); }
std::string resumeRowText(std::int64_t step) { return "{\"kind\":\"resume\",\"step\":" + std::to_string(step) + "}\n"; }

void readMetricLines(std::string_view lines, RunRows& rows) {
    eachLine(lines, [&](const std::string& kind, const Json& json) {
        if (kind == "step") rows.steps.push_back(rowOf<StepMetrics>(json));
        if (kind == "eval") rows.evals.push_back(rowOf<EvalMetrics>(json));
        if (kind != "resume" || !json["step"].is_number_integer()) return;
        dropAfter(rows.steps, json["step"].get<std::int64_t>());
        dropAfter(rows.evals, json["step"].get<std::int64_t>());
    });
}

void readEventLines(std::string_view lines, RunRows& rows) {
    eachLine(lines, [&](const std::string& kind, const Json& json) {
        for (int number = 0; number <= static_cast<int>(RunEventKind::Fail); ++number) {
            if (kind != toString(static_cast<RunEventKind>(number))) continue;
            rows.events.push_back(rowOf<RunEvent>(json));
            rows.events.back().kind = static_cast<RunEventKind>(number);
        }
    });
}

std::string readNewLines(const std::filesystem::path& file, std::uintmax_t& offset) {
    constexpr std::uintmax_t most = 256u << 20;  // of one call; the rest comes with the next
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) return {};
    if (size < offset) offset = 0;
    std::string text(static_cast<std::size_t>(std::min(size - offset, most)), '\0');
    std::ifstream in(file, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(offset));
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    const auto end = text.rfind('\n');
    text.resize(end == std::string::npos ? 0 : end + 1);
    offset += text.size();
    return text;
}

}  // namespace vl
