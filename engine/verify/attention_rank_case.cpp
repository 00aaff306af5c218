// SPDX-License-Identifier: Apache-2.0
#include "engine/verify/verify.h"

#include <cmath>
#include <string>
#include <vector>

#include <c10/core/GradMode.h>

#include "engine/analysis/attention_rank.h"
#include "engine/nn/recorded_fill.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kTie = 1e-5;  // a share this close to the threshold may fall to either side

/// k_star is exact, except beside a tie, where it may move by one.
void compareRank(const std::string& name, const json& recorded, const RankSpectrum& got, double threshold,
                 CaseReport& report) {
    const int k = recorded.at("k_star").get<int>();
    const auto tied = [&](double share) { return std::abs(share - threshold) < kTie; };
    const bool tie = recorded.contains("c_at_k_star")
                         ? tied(recorded.at("c_at_k_star")) || tied(recorded.at("c_before"))
                         : tied(got.c(got.kStar)) || tied(got.c(got.kStar - 1));
    report.add({name + " k_star", std::abs(static_cast<double>(k) - got.kStar), tie ? 1.0 : 0.0,
                k == got.kStar ? "" : std::to_string(got.kStar) + " instead of " + std::to_string(k)});
}

void compareSpectrum(const std::string& name, const json& recorded, const RankSpectrum& got, double threshold,
                     CaseReport& report) {
    constexpr double kTolerance = 1e-4;
    compareRank(name, recorded, got, threshold, report);
    report.number(name + " c1", recorded.at("c1"), got.c(1), kTolerance);
    const int k = recorded.at("k_star").get<int>();
    if (k < 1 || k > static_cast<int>(got.curve.size())) return report.miss(name + " curve", "there is no such index");
    if (recorded.contains("c_at_k_star")) {
        report.number(name + " c_at_k_star", recorded.at("c_at_k_star"), got.c(k), kTolerance);
        report.number(name + " c_before", recorded.at("c_before"), got.c(k - 1), kTolerance);
        report.number(name + " effective_rank", recorded.at("effective_rank"), got.effectiveRank, kTolerance);
        report.number(name + " stable_rank", recorded.at("stable_rank"), got.stableRank, kTolerance);
    }
    if (const auto values = recorded.find("singular_values"); values != recorded.end() && !values->empty()) {
        // The largest few and then the smallest one.
        const auto count = values->size();
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t at = i + 1 == count ? got.values.size() - 1 : i;
            report.number(name + " singular values", (*values)[i], got.values.at(at), kTolerance, got.values.front());
        }
    }
    if (const auto curve = recorded.find("curve"); curve != recorded.end()) {
        for (const auto& [index, share] : curve->items()) {
            const int at = std::atoi(index.c_str());
            if (at < 1 || at > static_cast<int>(got.curve.size()))
                return report.miss(name + " curve", "index " + index);
            report.number(name + " curve", share, got.c(at), kTolerance);
        }
    }
}

std::vector<int> recordedLayers(const json& recorded) {
    std::vector<int> layers;
    for (const json& layer : recorded.at("layers"))
        layers.push_back(layer.at("layer"));
    return layers;
}

}  // namespace

/// Four variants of the spectrum of a head's attention over a few pictures.
void replayAttentionRank(const json& recorded, CaseReport& report) {
    ModelSpec spec = findPreset(recorded.at("preset").get<std::string>());
    spec.imageSize = recorded.at("image_size");
    spec.numClasses = recorded.at("num_classes");
    const auto model = makeModel(spec);
    fillRecorded(model->parameters());
    moveParameters(*model, report.options().device, report.options().precision);
    if (recorded.contains("soft_mask")) model->setSoftMask(recorded.at("soft_mask"));
    const double threshold = recorded.value("threshold", 0.8);

    const c10::NoGradGuard noGrad;
    AttentionRankProbe probe(*model, recordedLayers(recorded), threshold);
    ForwardOptions options;
    options.probe = &probe;
    const at::Tensor images =
        recordedInput({recorded.at("images").get<std::int64_t>(), spec.inChannels, spec.imageSize, spec.imageSize});
    const at::Tensor logits = model->forward(images.to(report.options().device, report.options().precision), options);
    report.summary("logits", recorded.at("logits"), logits);

    for (const json& layer : recorded.at("layers")) {
        const int index = layer.at("layer");
        const std::vector<HeadRank> heads = probe.result(index);
        const json& expected = layer.at("heads");
        if (expected.size() != heads.size()) {
            report.miss("layers." + std::to_string(index), std::to_string(heads.size()) + " heads");
            continue;
        }
        for (std::size_t h = 0; h < heads.size(); ++h) {
            const std::string name = "layers." + std::to_string(index) + " heads." + std::to_string(h) + " ";
            for (const RankVariant variant : kRankVariants)
                compareSpectrum(name + toString(variant), expected[h].at(toString(variant)), heads[h][variant],
                                threshold, report);
            report.number(name + "discarded_mass", expected[h].at("discarded_mass_mean"), heads[h].discardedMass, 1e-4,
                          1e-3);
            report.number(name + "map_sum", expected[h].at("map_sum"), heads[h].mapSum, 1e-4);
            report.number(name + "entropy", expected[h].at("entropy_before_mask_mean"), heads[h].entropyBeforeMask,
                          1e-4);
        }
    }
}

}  // namespace vl
