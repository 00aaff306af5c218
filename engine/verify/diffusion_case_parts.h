// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/denoiser.h"
#include "engine/verify/verify.h"

namespace vl {

/// The denoiser that a case of a diffusion or flow process names, filled by the recorded rule, on the report's device
/// and in its precision. Throws Error(BadFile) for a preset of another task or sizes no case has.
class RecordedDenoiser {
public:
    RecordedDenoiser(const nlohmann::json& recorded, const CaseReport& report);
    Denoiser& operator*() const { return *denoiser_; }
    Denoiser* operator->() const { return denoiser_; }

private:
    std::unique_ptr<Model> model_;
    Denoiser* denoiser_;
};

/// [samples, C, S, S] of the case's "latent".
std::vector<std::int64_t> latentShape(const nlohmann::json& recorded, std::int64_t samples);
/// u or sqrt(3) u of `name`, on the report's device; float64 replays keep states in float64, others in float32.
at::Tensor recordedState(const CaseReport& report, const std::string& name, at::IntArrayRef shape, bool unitVariance);
/// A list of classes (1 to 64 of them), int64.
at::Tensor recordedClasses(const nlohmann::json& list);
at::Tensor doubles(const std::vector<double>& values);
/// A count the case gives, between 1 and `most`; throws Error(BadFile) otherwise.
int countIn(const nlohmann::json& number, int most);

}  // namespace vl
