// SPDX-License-Identifier: Apache-2.0
#include "engine/train/denoise_loss.h"

#include <algorithm>
#include <vector>

#include <ATen/ops/empty.h>

#include "engine/api/denoiser_presets.h"
#include "engine/generate/chain.h"

namespace vl {
namespace {

TransportSettings flowSettings(const ModelSpec& spec, const GenerateSettings& settings) {
    TransportSettings transport = transportSettingsOf(spec);
    transport.weight = transportWeightNamed(settings.lossWeight);
    return transport;
}

}  // namespace

DenoiseLoss::DenoiseLoss(const ModelSpec& spec, const GenerateSettings& settings) {
    if (isFlowDenoiser(spec)) transport_.emplace(flowSettings(spec, settings));
    else diffusion_.emplace(diffusionSettingsOf(spec));
}

at::Tensor DenoiseLoss::operator()(Denoiser& model, const at::Tensor& clean, const at::Tensor& labels,
                                   std::span<const double> uniform, const at::Tensor& noise,
                                   const ForwardOptions& options) const {
    return diffusion_ ? gaussian(model, clean, labels, uniform, noise, options)
                      : flow(model, clean, labels, uniform, noise, options);
}

double DenoiseLoss::noisiness(double uniform) const {
    return transport_ ? 1 - transport_->trainingTime(uniform) : uniform;
}

at::Tensor DenoiseLoss::gaussian(Denoiser& model, const at::Tensor& clean, const at::Tensor& labels,
                                 std::span<const double> uniform, const at::Tensor& noise,
                                 const ForwardOptions& options) const {
    const auto batch = static_cast<std::int64_t>(uniform.size());
    at::Tensor k = at::empty({batch}, at::kLong);
    for (std::int64_t i = 0; i < batch; ++i)
        k.data_ptr<std::int64_t>()[i] = std::min<std::int64_t>(
            static_cast<std::int64_t>(uniform[static_cast<std::size_t>(i)] * diffusion_->steps()),
            diffusion_->steps() - 1);
    const at::Tensor noisy = diffusion_->noisy(clean, k, noise);
    const at::Tensor output = model.denoise(noisy, diffusion_->modelTimes(k), labels, options);
    return diffusion_->losses(output, clean, noisy, k, noise).total;
}

at::Tensor DenoiseLoss::flow(Denoiser& model, const at::Tensor& clean, const at::Tensor& labels,
                             std::span<const double> uniform, const at::Tensor& noise,
                             const ForwardOptions& options) const {
    std::vector<double> times;
    at::Tensor t = at::empty({static_cast<std::int64_t>(uniform.size())}, at::kFloat);
    for (const double u : uniform) {
        t.data_ptr<float>()[times.size()] = static_cast<float>(transport_->trainingTime(u));
        times.push_back(transport_->trainingTime(u));
    }
    const at::Tensor output = model.denoise(transport_->plan(clean, noise, times).xt, t, labels, options);
    return transport_->losses(output, clean, noise, times);
}

}  // namespace vl
