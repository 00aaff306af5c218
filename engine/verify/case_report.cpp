// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/verify.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"

namespace vl {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

std::vector<double> toDoubles(const at::Tensor& tensor) {
    const at::Tensor flat = tensor.detach().to(at::kCPU, at::kDouble).flatten().contiguous();
    const double* data = flat.const_data_ptr<double>();
    return {data, data + flat.numel()};
}

/// Lists may nest as deep as tensors have axes; a file that nests further would only exhaust the stack.
void flattenInto(const nlohmann::json& list, std::vector<double>& out, int axes = 8) {
    if (list.is_array()) {
        if (axes == 0)
            throw Error(ErrorCode::BadFile, "A recorded list is nested more than eight deep.",
                        "Record the case again, or compare it with one of tests/golden.");
        for (const auto& item : list)
            flattenInto(item, out, axes - 1);
    } else {
        out.push_back(list.get<double>());
    }
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text;
    for (const std::int64_t size : shape)
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return "[" + text + "]";
}

struct Worst {
    double value = 0;
    std::string at;
    void see(double difference, const std::string& where) {
        if (!std::isfinite(difference)) difference = kInfinite;
        if (difference > value) value = difference, at = where;
    }
};

}  // namespace

double CaseReport::allowed(double tolerance) const {
    constexpr double kReducedPrecision = 300;  // eps of bfloat16 is 65536 times float32's; errors average out
    return options_.precision == at::kBFloat16 ? kReducedPrecision * tolerance : tolerance;
}

bool CaseReport::passed() const {
    return !rows_.empty() && std::all_of(rows_.begin(), rows_.end(), [](const Deviation& row) { return row.passed(); });
}

void CaseReport::miss(const std::string& quantity, const std::string& why) {
    rows_.push_back({quantity, kInfinite, 0, why});
}

void CaseReport::summary(const std::string& quantity, const nlohmann::json& recorded, const at::Tensor& got,
                         double tolerance) {
    const auto shape = recorded.at("shape").get<std::vector<std::int64_t>>();
    if (!got.defined() || got.sizes().vec() != shape) {
        const std::string have = got.defined() ? shapeText(got.sizes().vec()) : "nothing";
        return miss(quantity, "shape is " + have + " instead of " + shapeText(shape));
    }
    const std::vector<double> values = toDoubles(got);
    const double scale = std::max(recorded.value("absmax", 0.0), 1e-12);
    Worst worst;
    const auto& first = recorded.at("first");
    for (std::size_t i = 0; i < first.size() && i < values.size(); ++i)
        worst.see(std::abs(values[i] - first[i].get<double>()) / scale, "value " + std::to_string(i));
    if (const auto last = recorded.find("last"); last != recorded.end()) {
        const std::size_t start = values.size() - std::min(values.size(), last->size());
        for (std::size_t i = 0; i < last->size() && start + i < values.size(); ++i)
            worst.see(std::abs(values[start + i] - (*last)[i].get<double>()) / scale,
                      "value " + std::to_string(start + i));
    }
    double squares = 0, largest = 0, sum = 0;
    for (const double value : values) {
        sum += value;
        squares += value * value;
        largest = std::max(largest, std::isnan(value) ? kInfinite : std::abs(value));
    }
    if (recorded.contains("absmax")) worst.see(std::abs(largest - recorded["absmax"].get<double>()) / scale, "absmax");
    rows_.push_back({quantity, worst.value, allowed(tolerance), worst.at});
    if (recorded.contains("l2")) number(quantity + " norm", recorded["l2"], std::sqrt(squares), tolerance / 10);
    // Deviations of a norm's size in one direction add up to this much at worst.
    if (recorded.contains("sum")) {
        const double room = std::sqrt(static_cast<double>(std::max<std::size_t>(values.size(), 1)) * squares);
        number(quantity + " sum", recorded["sum"], sum, tolerance / 10, room);
    }
}

void CaseReport::number(const std::string& quantity, double recorded, double got, double tolerance, double floor) {
    const double scale = std::max({std::abs(recorded), floor, 1e-300});
    const double difference = recorded == got ? 0 : std::abs(got - recorded) / scale;
    rows_.push_back({quantity, std::isnan(difference) ? kInfinite : difference, allowed(tolerance), ""});
}

void CaseReport::values(const std::string& quantity, const nlohmann::json& recorded, const at::Tensor& got,
                        double tolerance) {
    std::vector<double> expected;
    flattenInto(recorded, expected);
    const std::vector<double> values = got.defined() ? toDoubles(got) : std::vector<double>{};
    if (values.size() != expected.size())
        return miss(quantity, std::to_string(values.size()) + " values instead of " + std::to_string(expected.size()));
    double scale = 1e-300;
    for (const double value : expected)
        scale = std::max(scale, std::abs(value));
    Worst worst;
    for (std::size_t i = 0; i < expected.size(); ++i)
        worst.see(std::abs(values[i] - expected[i]) / scale, "value " + std::to_string(i));
    rows_.push_back({quantity, worst.value, allowed(tolerance), worst.at});
}

void CaseReport::exact(const std::string& quantity, const nlohmann::json& recorded, const at::Tensor& got) {
    std::vector<double> expected;
    flattenInto(recorded, expected);
    const std::vector<double> values = got.defined() ? toDoubles(got) : std::vector<double>{};
    if (values.size() != expected.size())
        return miss(quantity, std::to_string(values.size()) + " entries instead of " + std::to_string(expected.size()));
    std::size_t wrong = 0, firstWrong = 0;
    for (std::size_t i = values.size(); i-- > 0;) {
        if (values[i] != expected[i]) ++wrong, firstWrong = i;
    }
    rows_.push_back(
        {quantity, static_cast<double>(wrong), 0, wrong ? "first at entry " + std::to_string(firstWrong) : ""});
}

}  // namespace vl
