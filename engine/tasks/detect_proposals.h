// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/detector.h"
#include "engine/tasks/detect_boxes.h"

namespace vl {

/// How many boxes the proposal network hands on; defaults are the published test settings (2000 per level in training).
struct ProposalRule {
    std::int64_t perLevel = 1000;  ///< best ones of each level that are decoded
    std::int64_t total = 1000;
    double overlap = 0.7;  ///< of suppression, level by level
};
inline constexpr ProposalRule kTrainingProposals{2000, 1000, 0.7};

/// Boxes worth a closer look, by falling score.
struct Proposals {
    at::Tensor boxes;   ///< [n, 4], inside the picture
    at::Tensor scores;  ///< [n], after the sigmoid
};

/// Proposals of every picture of a batch. `pictures` gives each one's own size (a batch is padded to one size); without
/// gradient.
std::vector<Proposals> proposeRegions(const ProposalMaps& maps, const std::vector<PictureSize>& pictures,
                                      const ProposalRule& rule = {});

/// A dense map [B, A * k, h, w] as one row an anchor in the order of levelAnchors(): [B, h * w * A, k].
at::Tensor anchorRows(const at::Tensor& map, std::int64_t perAnchor);

}  // namespace vl
