// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/compare_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "engine/api/mmpretrain_costs.h"
#include "engine/core/error.h"
#include "engine/verify/recorded_model.h"

namespace vl {
namespace {

constexpr double kGradientTolerance = 1e-3;

void addMismatches(const std::string& quantity, std::size_t count, const std::string& first, CaseReport& report) {
    report.add({quantity, static_cast<double>(count), 0, count ? "first is " + first : ""});
}

void compareNames(const nlohmann::json& listed, std::span<const Parameter> parameters, CaseReport& report) {
    if (listed.size() != parameters.size()) {
        return report.miss("state dict",
                           std::to_string(parameters.size()) + " tensors instead of " + std::to_string(listed.size()));
    }
    std::size_t wrong = 0;
    std::string first;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const bool same = listed[i].at(0) == parameters[i].name &&
                          listed[i].at(1).get<std::vector<std::int64_t>>() == parameters[i].tensor.sizes().vec();
        if (!same && wrong++ == 0) first = parameters[i].name;
    }
    addMismatches("state dict", wrong, first, report);
}

void compareTotals(const nlohmann::json& totals, std::span<const Parameter> parameters, CaseReport& report) {
    std::map<std::string, std::int64_t> counted;
    std::int64_t all = 0;
    for (const Parameter& parameter : parameters) {
        if (parameter.kind == ParameterKind::Buffer) continue;
        counted[parameter.name.substr(0, parameter.name.find('.'))] += parameter.tensor.numel();
        all += parameter.tensor.numel();
    }
    if (totals.is_number()) return report.number("parameters", totals, static_cast<double>(all), 0);
    for (const auto& [part, count] : totals.items())
        report.number("parameters of " + part, count, static_cast<double>(counted[part]), 0);
}

/// Norm and sum in double.
std::pair<double, double> normAndSum(const at::Tensor& gradient) {
    const at::Tensor wide = gradient.to(at::kDouble);
    return {std::sqrt(wide.square().sum().item<double>()), wide.sum().item<double>()};
}

}  // namespace

ModelSpec mmpretrainSpec(const nlohmann::json& arch) {
    if (arch.is_string()) {
        if (arch == "base") return mmpretrainBase();
        if (arch == "large") return mmpretrainLarge();
        throw Error(ErrorCode::Unsupported, "The case names an encoder that is not known.",
                    "Known ones are base and large; others give their sizes.");
    }
    ModelSpec spec = mmpretrainBase();
    spec.dim = arch.at("embed_dims");
    spec.depth = arch.at("num_layers");
    spec.heads = arch.at("num_heads");
    spec.ffnHidden = wideSwigluHidden(arch.at("feedforward_channels"));
    return spec;
}

void compareTensors(const nlohmann::json& recorded, std::span<const Parameter> parameters, CaseReport& report) {
    if (const auto listed = recorded.find("state_dict"); listed != recorded.end())
        compareNames(*listed, parameters, report);
    if (const auto totals = recorded.find("parameters"); totals != recorded.end())
        compareTotals(*totals, parameters, report);
}

void compareGradients(const std::string& what, const nlohmann::json& recorded, std::span<const Parameter> parameters,
                      CaseReport& report) {
    const nlohmann::json listed = recorded.value("grad_l2_sum", nlohmann::json::object());
    FurthestNumber norms(what + " gradient norms", kGradientTolerance),
        sums(what + " gradient sums", kGradientTolerance);
    std::vector<std::string> without;
    std::size_t found = 0;
    double squares = 0;
    for (const Parameter& parameter : parameters) {
        if (parameter.kind != ParameterKind::Trained) continue;
        const at::Tensor& gradient = parameter.tensor.grad();
        if (!gradient.defined()) {
            without.push_back(parameter.name);
            continue;
        }
        const auto [norm, sum] = normAndSum(gradient);
        squares += norm * norm;
        const auto entry = listed.find(parameter.name);
        if (entry == listed.end()) continue;
        ++found;
        norms.see(parameter.name, entry->at(0), norm);
        sums.see(parameter.name, entry->at(1), sum, norm);  // terms of a sum cancel, so its error follows the norm
    }
    if (found > 0) norms.tell(report), sums.tell(report);
    if (found != listed.size()) report.miss(what + " gradients", "a tensor of the case has none");
    if (recorded.contains("grad_l2_total"))
        report.number(what + " gradient total", recorded["grad_l2_total"], std::sqrt(squares), kGradientTolerance);
    if (recorded.contains("no_grad")) {
        auto expected = recorded["no_grad"].get<std::vector<std::string>>();
        std::sort(expected.begin(), expected.end());
        std::sort(without.begin(), without.end());
        std::vector<std::string> differ;
        std::set_symmetric_difference(expected.begin(), expected.end(), without.begin(), without.end(),
                                      std::back_inserter(differ));
        addMismatches(what + " without gradient", differ.size(), differ.empty() ? "" : differ.front(), report);
    }
}

}  // namespace vl
