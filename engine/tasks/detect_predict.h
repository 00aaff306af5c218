// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/nn/detector.h"
#include "engine/tasks/detect_proposals.h"

namespace vl {

/// Which boxes of the second stage are answers; defaults are the published ones (models.md 9.1).
struct DetectionRule {
    double score = 0.05;   ///< more than this
    double overlap = 0.5;  ///< of suppression, class by class
    std::int64_t most = 100;
    ProposalRule proposals;
};

/// Objects found in one picture, by falling score.
struct Detections {
    at::Tensor boxes;   ///< [n, 4], pixels
    at::Tensor scores;  ///< [n]
    at::Tensor labels;  ///< int64 [n]
    at::Tensor masks;   ///< [n, 28, 28] probabilities inside the boxes; undefined when none were asked for
};

/// Keeps the boxes of every class whose score is high enough and that no better one of the same class covers.
/// boxes [n, 4 * classes], scores [n, classes] (background left out). `source`, when given, receives box * classes +
/// class of every answer. Masks stay undefined.
Detections suppressByClass(const at::Tensor& boxes, const at::Tensor& scores, const DetectionRule& rule,
                           at::Tensor* source = nullptr);

/// The whole second stage on given proposals, one entry a picture.
std::vector<Detections> detectInRegions(Detector& detector, const std::vector<at::Tensor>& features,
                                        const std::vector<Proposals>& proposals,
                                        const std::vector<PictureSize>& pictures, const DetectionRule& rule = {});

/// Everything from pictures [B, 3, H, W], normalised and padded, to objects in each one's own `pictures` size. Without
/// gradient. Throws Error(Mismatch) for sizes the backbone does not take.
std::vector<Detections> detect(Detector& detector, const at::Tensor& images, const std::vector<PictureSize>& pictures,
                               const DetectionRule& rule = {}, const ForwardOptions& options = {});

}  // namespace vl
