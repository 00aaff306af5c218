// SPDX-License-Identifier: Apache-2.0
#include "engine/analysis/attention_rank.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/linalg_svdvals.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/xlogy.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"

namespace vl {
namespace {

/// The first k whose share reaches the threshold; the last one when rounding keeps even that below.
int firstReaching(const std::vector<double>& curve, double threshold) {
    const auto at = std::find_if(curve.begin(), curve.end(), [&](double c) { return c >= threshold; });
    const auto last = static_cast<std::ptrdiff_t>(curve.size());
    return static_cast<int>(std::min(at - curve.begin() + 1, last));
}

}  // namespace

const char* toString(RankVariant variant) {
    constexpr std::array names{"mean_map", "mean_curve", "rows_normalised", "before_mask"};
    return names[static_cast<std::size_t>(variant)];
}

const char* describe(RankVariant variant) {
    constexpr std::array texts{"Masked maps averaged over the pictures, one decomposition (as published)",
                               "One decomposition a picture, curves averaged",
                               "Masked maps with rows divided by their sums, averaged, one decomposition",
                               "Softmax maps before the mask, averaged, one decomposition"};
    return texts[static_cast<std::size_t>(variant)];
}

RankSpectrum rankSpectrum(const at::Tensor& map, double threshold) {
    const at::Tensor exact = map.detach().to(at::kCPU, at::kDouble).contiguous();
    if (!at::isfinite(exact).all().item<bool>())
        throw Error(ErrorCode::NonFinite, "An attention map holds values that are not finite.",
                    "Check the weights: `visionllama info FILE` counts them.");
    const at::Tensor values = at::linalg_svdvals(exact).contiguous();
    RankSpectrum spectrum;
    spectrum.values.assign(values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel());
    double sum = 0, squares = 0, entropy = 0, running = 0;
    for (const double value : spectrum.values) {
        sum += value;
        squares += value * value;
    }
    if (!(sum > 0)) sum = 1;  // a map of zeros has rank 0 in every sense
    for (const double value : spectrum.values) {
        running += value;
        spectrum.curve.push_back(running / sum);
        if (value > 0) entropy -= value / sum * std::log(value / sum);
    }
    const double largest = spectrum.values.empty() ? 0 : spectrum.values.front();
    spectrum.kStar = firstReaching(spectrum.curve, threshold);
    spectrum.effectiveRank = largest > 0 ? std::exp(entropy) : 0;
    spectrum.stableRank = largest > 0 ? squares / (largest * largest) : 0;
    return spectrum;
}

RankSpectrum meanCurve(std::span<const RankSpectrum> spectra, double threshold) {
    RankSpectrum mean;
    if (spectra.empty()) return mean;
    mean.curve.assign(spectra.front().curve.size(), 0);
    for (const RankSpectrum& spectrum : spectra) {
        for (std::size_t k = 0; k < mean.curve.size(); ++k)
            mean.curve[k] += spectrum.curve.at(k) / static_cast<double>(spectra.size());
    }
    mean.kStar = firstReaching(mean.curve, threshold);
    return mean;
}

AttentionRankProbe::AttentionRankProbe(const Model& model, std::vector<int> layers, double threshold)
    : model_(model), wanted_(std::move(layers)), threshold_(threshold) {}

at::Tensor AttentionRankProbe::mask(int layer, const at::Tensor& softmax) const {
    if (!model_.attentionGeometry(layer).maskAfterSoftmax) return softmax;
    const at::Tensor factors = at::ones_like(softmax.select(0, 0).select(0, 0));
    return softmax * (factors.tril() + model_.softMask() * factors.triu(1));
}

void AttentionRankProbe::attention(int layer, const at::Tensor& softmax) {
    if (!wanted_.empty() && std::find(wanted_.begin(), wanted_.end(), layer) == wanted_.end()) return;
    const at::Tensor maps = softmax.detach().to(at::kFloat);
    const at::Tensor masked = mask(layer, maps);
    const auto heads = static_cast<std::size_t>(maps.size(1));
    Layer& sums = seen_[layer];
    if (!sums.masked.defined()) {
        sums.masked = at::zeros(maps.sizes().slice(1), maps.options().dtype(at::kDouble));
        sums.normalised = sums.masked.clone();
        sums.softmax = sums.masked.clone();
        sums.perPicture.resize(heads);
        sums.entropy.resize(heads);
    }
    sums.masked += masked.sum(0, /*keepdim=*/false, at::kDouble);
    sums.normalised += (masked / masked.sum(-1, /*keepdim=*/true)).sum(0, /*keepdim=*/false, at::kDouble);
    sums.softmax += maps.sum(0, /*keepdim=*/false, at::kDouble);
    const at::Tensor exact = maps.to(at::kDouble);
    const at::Tensor entropies = (-at::xlogy(exact, exact)).sum(-1).mean(-1).sum(0);
    for (std::size_t head = 0; head < heads; ++head) {
        const auto index = static_cast<std::int64_t>(head);
        sums.entropy[head] += entropies[index].item<double>();
        for (std::int64_t picture = 0; picture < maps.size(0); ++picture)
            sums.perPicture[head].push_back(rankSpectrum(masked[picture][index], threshold_));
    }
    sums.pictures += static_cast<double>(maps.size(0));
}

std::vector<int> AttentionRankProbe::layers() const {
    std::vector<int> layers;
    for (const auto& [layer, sums] : seen_)
        layers.push_back(layer);
    return layers;
}

std::vector<HeadRank> AttentionRankProbe::result(int layer) const {
    const auto found = seen_.find(layer);
    if (found == seen_.end())
        throw Error(ErrorCode::Usage, "No attention map of layer " + std::to_string(layer) + " was seen.",
                    "Ask for a layer the model has, after a forward pass.");
    const Layer& sums = found->second;
    std::vector<HeadRank> heads(sums.perPicture.size());
    for (std::size_t i = 0; i < heads.size(); ++i) {
        const auto index = static_cast<std::int64_t>(i);
        const at::Tensor masked = sums.masked[index] / sums.pictures;
        // Averages of float32 maps are float32 again before the decomposition.
        const auto decomposed = [&](const at::Tensor& map) { return rankSpectrum(map.to(at::kFloat), threshold_); };
        heads[i].variants = {decomposed(masked), meanCurve(sums.perPicture[i], threshold_),
                             decomposed(sums.normalised[index] / sums.pictures),
                             decomposed(sums.softmax[index] / sums.pictures)};
        heads[i].mapSum = masked.sum().item<double>();
        heads[i].discardedMass = (sums.softmax[index].sum().item<double>() / sums.pictures - heads[i].mapSum) /
                                 static_cast<double>(masked.size(0));
        heads[i].entropyBeforeMask = sums.entropy[i] / sums.pictures;
    }
    return heads;
}

}  // namespace vl
