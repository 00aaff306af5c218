// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/path.h"

#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl {
namespace {

constexpr double kPi = std::numbers::pi, kLeastBeta = 0.1, kMostBeta = 20;

template <typename Kind, std::size_t N>
Kind named(const std::array<std::pair<std::string_view, Kind>, N>& known, std::string_view name, const char* what) {
    std::string list;
    for (const auto& [spelling, kind] : known) {
        if (spelling == name) return kind;
        list += (list.empty() ? "" : ", ") + std::string(spelling);
    }
    throw Error(ErrorCode::Usage, "There is no " + std::string(what) + " '" + printable(std::string(name)) + "'.",
                "Known ones are " + list + ".");
}

PathPoint variancePreserving(double t) {
    const double left = 1 - t, span = kMostBeta - kLeastBeta;
    const double logMean = -0.25 * left * left * span - 0.5 * left * kLeastBeta;
    const double rate = 0.5 * left * span + 0.5 * kLeastBeta;
    const double variance = std::exp(2 * logMean), beta = kLeastBeta + left * span;
    PathPoint point;
    point.alpha = std::exp(logMean);
    point.alphaRate = point.alpha * rate;
    point.sigma = std::sqrt(1 - variance);
    point.sigmaRate = variance * (2 * rate) / (-2 * point.sigma);
    point.ratio = rate;
    point.drift = -0.5 * beta;
    point.driftVariance = beta / 2;
    return point;
}

}  // namespace

PathPoint pathAt(PathKind path, double t) {
    if (path == PathKind::Vp) return variancePreserving(t);
    PathPoint point;
    if (path == PathKind::Linear) {
        point = {t, 1, 1 - t, -1, 1 / t};
    } else {
        const double angle = t * kPi / 2;
        point = {std::sin(angle), kPi / 2 * std::cos(angle), std::cos(angle), -kPi / 2 * std::sin(angle),
                 kPi / (2 * std::tan(angle))};
    }
    point.drift = -point.ratio;
    point.driftVariance = point.ratio * point.sigma * point.sigma - point.sigma * point.sigmaRate;
    return point;
}

double diffusionCoefficient(DiffusionForm form, PathKind path, double t, double norm) {
    switch (form) {
        case DiffusionForm::Constant:
            return norm;
        case DiffusionForm::Sbdm:
            return norm * pathAt(path, t).driftVariance;
        case DiffusionForm::Sigma:
            return norm * pathAt(path, t).sigma;
        case DiffusionForm::Linear:
            return norm * (1 - t);
        case DiffusionForm::Decreasing:
            return 0.25 * std::pow(norm * std::cos(kPi * t) + 1, 2);
        case DiffusionForm::IncreasingDecreasing:
            return norm * std::pow(std::sin(kPi * t), 2);
    }
    return norm;
}

PathKind pathNamed(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, PathKind>, 3> known{
        {{"Linear", PathKind::Linear}, {"GVP", PathKind::Gvp}, {"VP", PathKind::Vp}}};
    return named(known, name, "path");
}

DiffusionForm diffusionFormNamed(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, DiffusionForm>, 6> known{
        {{"constant", DiffusionForm::Constant},
         {"SBDM", DiffusionForm::Sbdm},
         {"sigma", DiffusionForm::Sigma},
         {"linear", DiffusionForm::Linear},
         {"decreasing", DiffusionForm::Decreasing},
         {"increasing-decreasing", DiffusionForm::IncreasingDecreasing}}};
    return named(known, name, "diffusion form");
}

}  // namespace vl
