// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/model.h"

namespace vl {

/// The singular values of an attention map and what is read from them.
struct RankSpectrum {
    std::vector<double> values;  ///< singular values, largest first; empty for a mean of curves
    std::vector<double> curve;   ///< c_k = the k largest over the sum of all; curve[k - 1]
    int kStar = 0;               ///< smallest k with c_k >= threshold
    double effectiveRank = 0;    ///< exp of the entropy of values / sum (Roy and Vetterli 2007)
    double stableRank = 0;       ///< sum of squares over the largest square

    double c(int k) const { return k < 1 ? 0 : curve[static_cast<std::size_t>(k) - 1]; }
};

/// `map` [N, M] of any floating type; decomposed in float64. Throws Error(NonFinite) for maps with NaN or infinity.
RankSpectrum rankSpectrum(const at::Tensor& map, double threshold = 0.8);
/// The mean of curves of equal length, without values and ranks.
RankSpectrum meanCurve(std::span<const RankSpectrum> spectra, double threshold = 0.8);

/// Ways to look at a head's maps; the first is the published one. A causal map has full algebraic rank whatever it
/// holds, so a view says which one it draws.
enum class RankVariant { MeanMap, MeanCurve, RowsNormalised, BeforeMask };
inline constexpr std::array kRankVariants{RankVariant::MeanMap, RankVariant::MeanCurve, RankVariant::RowsNormalised,
                                          RankVariant::BeforeMask};
const char* toString(RankVariant variant);  ///< "mean_map" ...
const char* describe(RankVariant variant);  ///< one sentence for people

/// One head over all pictures seen.
struct HeadRank {
    std::array<RankSpectrum, kRankVariants.size()> variants;
    double discardedMass = 0;      ///< what the mask takes from a row, mean over rows and pictures
    double mapSum = 0;             ///< sum of the mean masked map
    double entropyBeforeMask = 0;  ///< of a softmax row, nats, mean over rows and pictures

    const RankSpectrum& operator[](RankVariant variant) const { return variants[static_cast<std::size_t>(variant)]; }
};

/// Collects attention maps from any number of forward passes of one model; result() does the decompositions.
/// Memory: three mean maps a head and one curve a picture and head.
class AttentionRankProbe final : public Probe {
public:
    /// `layers` empty: all. The model's soft-mask rate is read at every pass.
    AttentionRankProbe(const Model& model, std::vector<int> layers, double threshold = 0.8);

    void attention(int layer, const at::Tensor& softmax) override;
    /// Layers seen, in order.
    std::vector<int> layers() const;
    /// One entry a head. Throws Error(Usage) for a layer that was not seen.
    std::vector<HeadRank> result(int layer) const;

private:
    struct Layer {
        at::Tensor masked, normalised, softmax;             ///< sums over pictures, [heads, N, M], float64
        std::vector<std::vector<RankSpectrum>> perPicture;  ///< [head][picture]
        double pictures = 0;
        std::vector<double> entropy;  ///< sum over pictures of a head's mean row entropy
    };
    at::Tensor mask(int layer, const at::Tensor& softmax) const;

    const Model& model_;
    std::vector<int> wanted_;
    double threshold_;
    std::map<int, Layer> seen_;
};

}  // namespace vl
