// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/detector.h"
#include "engine/tasks/detect_assign.h"
#include "engine/tasks/detect_boxes.h"

namespace vl {

/// What one picture shows.
struct DetectTarget {
    at::Tensor boxes;   ///< [m, 4], pixels
    at::Tensor labels;  ///< int64 [m]
    at::Tensor masks;   ///< [m, H, W], 0 or 1
};

/// The proposal network's losses, one entry a level; their sums are the terms of the total.
struct ProposalLosses {
    std::vector<at::Tensor> scores;  ///< binary cross-entropy
    std::vector<at::Tensor> boxes;   ///< L1 on deltas
};

/// The second stage's.
struct RegionLosses {
    at::Tensor classes;   ///< cross-entropy, background included
    at::Tensor boxes;     ///< L1 on deltas of the true class
    at::Tensor masks;     ///< binary cross-entropy of the true class's mask
    double accuracy = 0;  ///< share of sampled regions whose class is right, 0 to 1
};

/// How both stages choose what they learn from (models.md 9.1).
struct DetectSampling {
    SampleRule proposals{256, 0.5};
    SampleRule regions{512, 0.25};
    std::uint64_t seed = 0;       ///< with the picture's place in the batch: the only source of randomness
    std::int64_t firstImage = 0;  ///< where the first picture stands in it
};
/// Everything, without chance.
inline constexpr DetectSampling kKeepAll{{0, 0.5}, {0, 0.25}, 0};

/// `pictures`: each one's own size; anchors on the padding take no part. Both losses are divided by the number of
/// sampled anchors of the batch.
ProposalLosses proposalLosses(const ProposalMaps& maps, const std::vector<DetectTarget>& targets,
                              const std::vector<PictureSize>& pictures, const DetectSampling& sampling = {});

/// `proposals` [n, 4] of every picture; the objects' own boxes are added in front. Class and box losses are divided by
/// the number of sampled regions; the mask loss is the mean over the positive ones.
RegionLosses regionLosses(Detector& detector, const std::vector<at::Tensor>& features,
                          const std::vector<at::Tensor>& proposals, const std::vector<DetectTarget>& targets,
                          const DetectSampling& sampling = {});

}  // namespace vl
