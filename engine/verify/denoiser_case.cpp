// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include "engine/core/text.h"
#include "engine/nn/denoiser.h"
#include "engine/nn/recorded_fill.h"
#include "engine/verify/verify.h"

namespace vl {
namespace {

using nlohmann::json;

ModelSpec specOf(const json& recorded) {
    ModelSpec spec = findPreset(recorded.at("preset").get<std::string>());
    const auto& latent = recorded.at("latent");
    spec.inChannels = latent.at(0).get<int>();
    spec.imageSize = latent.at(1).get<int>();
    spec.numClasses = recorded.at("num_classes").get<int>();
    return spec;
}

/// Before any memory is asked for: a case that names other sizes ends here.
void compareNames(const json& recorded, const ModelSpec& spec, CaseReport& report) {
    const auto& expected = recorded.at("state_dict");
    const std::vector<Parameter> parameters = describeParameters(spec);
    std::int64_t total = 0, trained = 0;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Parameter& parameter = parameters[i];
        total += parameter.tensor.numel();
        if (parameter.kind == ParameterKind::Trained) trained += parameter.tensor.numel();
        if (i >= expected.size()) continue;
        const auto name = expected.at(i).at(0).get<std::string>();
        if (parameter.name != name) {
            return report.miss("state_dict", "entry " + std::to_string(i) + " is " + parameter.name + " instead of " +
                                                 printable(name));
        }
        if (parameter.tensor.sizes().vec() != expected.at(i).at(1).get<std::vector<std::int64_t>>())
            return report.miss("state_dict", parameter.name + " has another shape");
    }
    report.number("state_dict", static_cast<double>(expected.size()), static_cast<double>(parameters.size()), 0);
    report.number("parameters", recorded.at("parameters"), static_cast<double>(total), 0);
    report.number("trainable", recorded.at("trainable"), static_cast<double>(trained), 0);
}

class BlockComparison final : public Probe {
public:
    BlockComparison(const json& expected, CaseReport& report) : expected_(expected), report_(report) {}
    void blockOutput(int layer, const at::Tensor& tokens) override {
        const auto index = static_cast<std::size_t>(layer);
        const std::string name = "blocks." + std::to_string(layer);
        if (index >= expected_.size()) return report_.miss(name, "the recorded model has fewer blocks");
        report_.summary(name, expected_[index], tokens);
        ++seen;
    }
    std::size_t seen = 0;

private:
    const json& expected_;
    CaseReport& report_;
};

struct Conditions {
    at::Tensor t, y;
};

Conditions conditionsOf(const json& recorded, at::Device device) {
    const auto t = recorded.at("t").get<std::vector<double>>();
    const auto y = recorded.at("y").get<std::vector<std::int64_t>>();
    at::Tensor times = at::empty({static_cast<std::int64_t>(t.size())}, at::kDouble);
    at::Tensor classes = at::empty({static_cast<std::int64_t>(y.size())}, at::kLong);
    std::copy(t.begin(), t.end(), times.data_ptr<double>());
    std::copy(y.begin(), y.end(), classes.data_ptr<std::int64_t>());
    return {times.to(device), classes.to(device)};
}

}  // namespace

void replayDenoiser(const json& recorded, CaseReport& report) {
    const at::NoGradGuard noGrad;
    const ModelSpec spec = specOf(recorded);
    if (spec.task() != ModelTask::Generate) return report.miss("output", "the preset is not a denoiser");
    compareNames(recorded, spec, report);
    if (!report.passed()) return;
    const auto model = makeModel(spec);
    auto& denoiser = dynamic_cast<Denoiser&>(*model);
    fillRecorded(model->parameters());
    const at::Device device = report.options().device;
    moveParameters(*model, device, report.options().precision);

    const Conditions plain = conditionsOf(recorded, device);
    const at::Tensor latents = recordedInput({plain.t.size(0), spec.inChannels, spec.imageSize, spec.imageSize})
                                   .to(device, report.options().precision);
    BlockComparison probe(recorded.at("blocks"), report);
    report.summary("output, with maps", recorded.at("output"),
                   denoiser.denoise(latents, plain.t, plain.y, {.probe = &probe}));
    report.number("blocks", static_cast<double>(recorded.at("blocks").size()), static_cast<double>(probe.seen), 0);
    report.summary("output", recorded.at("output"), denoiser.denoise(latents, plain.t, plain.y));
    if (const auto guided = recorded.find("cfg"); guided != recorded.end()) {
        const Conditions halves = conditionsOf(*guided, device);
        report.summary("guided output", guided->at("output"),
                       denoiser.denoiseGuided(latents, halves.t, halves.y, guided->at("scale").get<double>()));
    }
}

}  // namespace vl
