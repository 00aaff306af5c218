// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/recorded_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/nn/recorded_fill.h"

namespace vl {

ModelSpec recordedSpec(const nlohmann::json& recorded) {
    ModelSpec spec = findPreset(recorded.at("preset").get<std::string>());
    const std::string family = recorded.value("family", spec.family);
    if (family != spec.family)
        throw Error(ErrorCode::BadFile,
                    "The case is of family '" + printable(family) + "', but model '" + spec.name + "' is of '" +
                        spec.family + "'.",
                    "Correct the case's family or preset.");
    spec.imageSize = recorded.at("image_size");
    spec.numClasses = recorded.at("num_classes");
    if (const auto mask = recorded.find("soft_mask"); mask != recorded.end() && !mask->is_null()) spec.alpha = *mask;
    return spec;
}

std::unique_ptr<Model> recordedModel(const nlohmann::json& recorded, const CaseReport& report) {
    auto model = makeModel(recordedSpec(recorded));
    fillRecorded(model->parameters());
    moveParameters(*model, report.options().device, report.options().precision);
    return model;
}

at::Tensor inputFor(const CaseReport& report, at::IntArrayRef shape) {
    return recordedInput(shape).to(report.options().device, report.options().precision);
}

void compareStateDict(const nlohmann::json& recorded, Model& model, CaseReport& report) {
    const auto parameters = model.parameters();
    const auto& expected = recorded.at("state_dict");
    double wrong = std::abs(static_cast<double>(parameters.size()) - static_cast<double>(expected.size()));
    std::string note =
        wrong > 0 ? std::to_string(parameters.size()) + " tensors instead of " + std::to_string(expected.size()) : "";
    std::int64_t total = 0;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Parameter& parameter = parameters[i];
        if (parameter.kind != ParameterKind::Buffer) total += parameter.tensor.numel();
        if (i >= expected.size()) continue;
        const bool same = parameter.name == expected[i].at(0).get<std::string>() &&
                          parameter.tensor.sizes().vec() == expected[i].at(1).get<std::vector<std::int64_t>>();
        if (same) continue;
        if (note.empty()) note = "first at " + parameter.name;
        ++wrong;
    }
    report.add({"state dict", wrong, 0, note});
    const auto count = recorded.find("parameters");
    if (count != recorded.end()) report.number("parameters", *count, static_cast<double>(total), 0);
    report.number("parameters by formula", static_cast<double>(total),
                  static_cast<double>(model.spec().parameterCount()), 0);
}

void FurthestNumber::see(const std::string& name, double recorded, double got, double floor) {
    double difference = std::abs(got - recorded) / std::max({std::abs(recorded), floor, 1e-300});
    if (!std::isfinite(difference)) difference = std::numeric_limits<double>::infinity();
    if (difference <= worst_) return;
    worst_ = difference;
    name_ = name;
    recorded_ = recorded;
    got_ = got;
    floor_ = floor;
}

void FurthestNumber::tell(CaseReport& report) const {
    if (worst_ < 0) return report.miss(what_, "nothing was recorded");
    report.number(what_ + ", furthest " + name_, recorded_, got_, tolerance_, floor_);
}

}  // namespace vl
