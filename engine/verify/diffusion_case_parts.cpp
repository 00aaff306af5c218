// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/diffusion_case_parts.h"

#include <algorithm>
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include "engine/core/error.h"
#include "engine/nn/recorded_fill.h"

namespace vl {
namespace {

constexpr int kLargestLatent = 128, kMostClasses = 100000, kMostSamples = 64;

[[noreturn]] void refuse(const std::string& what) {
    throw Error(ErrorCode::BadFile, "The case gives " + what + ".",
                "Record the case again, or use one of tests/golden.");
}

}  // namespace

int countIn(const nlohmann::json& number, int most) {
    const double value = number.get<double>();
    if (!(value >= 1 && value <= most)) refuse("a number that no recorded case has");
    return static_cast<int>(value);
}

RecordedDenoiser::RecordedDenoiser(const nlohmann::json& recorded, const CaseReport& report) {
    ModelSpec spec = findPreset(recorded.at("preset").get<std::string>());
    if (spec.task() != ModelTask::Generate) refuse("a preset that is not a denoiser");
    spec.inChannels = countIn(recorded.at("latent").at(0), 64);
    spec.imageSize = countIn(recorded.at("latent").at(1), kLargestLatent);
    spec.numClasses = countIn(recorded.at("num_classes"), kMostClasses);
    model_ = makeModel(spec);
    fillRecorded(model_->parameters());
    moveParameters(*model_, report.options().device, report.options().precision);
    denoiser_ = &dynamic_cast<Denoiser&>(*model_);
}

std::vector<std::int64_t> latentShape(const nlohmann::json& recorded, std::int64_t samples) {
    const std::int64_t size = countIn(recorded.at("latent").at(1), kLargestLatent);
    return {samples, countIn(recorded.at("latent").at(0), 64), size, size};
}

at::Tensor recordedState(const CaseReport& report, const std::string& name, at::IntArrayRef shape, bool unitVariance) {
    at::Tensor values = recordedStream(name, shape);
    if (unitVariance) values = values * std::sqrt(3.0);
    const bool wide = report.options().precision == at::kDouble;
    return values.to(report.options().device, wide ? at::kDouble : at::kFloat);
}

at::Tensor recordedClasses(const nlohmann::json& list) {
    const auto classes = list.get<std::vector<std::int64_t>>();
    if (classes.empty() || classes.size() > kMostSamples) refuse("a batch that no recorded case has");
    at::Tensor values = at::empty({static_cast<std::int64_t>(classes.size())}, at::kLong);
    std::copy(classes.begin(), classes.end(), values.data_ptr<std::int64_t>());
    return values;
}

at::Tensor doubles(const std::vector<double>& list) {
    at::Tensor values = at::empty({static_cast<std::int64_t>(list.size())}, at::kDouble);
    std::copy(list.begin(), list.end(), values.data_ptr<double>());
    return values;
}

}  // namespace vl
