// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/nn/model.h"

namespace vl {

/// Dense outputs of the region proposal network, one entry a pyramid level.
struct ProposalMaps {
    std::vector<at::Tensor> scores;  ///< [B, 3, h, w], before the sigmoid
    std::vector<at::Tensor> deltas;  ///< [B, 12, h, w]
    std::int64_t stride = 4;         ///< pixels a cell of the finest level; each further level doubles it
};

/// What the box head says about n regions.
struct BoxHeadOutput {
    at::Tensor scores;  ///< [n, numClasses + 1], background last, before the softmax
    at::Tensor deltas;  ///< [n, 4 * numClasses]
};

/// Mask R-CNN's learned parts (models.md 9). Turning their outputs into boxes is engine/tasks' work.
class Detector : public Model {
public:
    /// images [B, 3, H, W] -> five maps [B, fpnChannels, h, w], strides s, 2 s, 4 s, 8 s, 16 s with s = stride().
    virtual std::vector<at::Tensor> features(const at::Tensor& images, const ForwardOptions& options = {}) = 0;
    /// Pixels a cell of the finest map: 4 in all published models.
    std::int64_t stride() const { return spec().detect.backbone == "pyramid" ? spec().patchSize : 4; }
    virtual ProposalMaps propose(const std::vector<at::Tensor>& features) = 0;
    /// regions [n, fpnChannels, 7, 7]
    virtual BoxHeadOutput boxHead(const at::Tensor& regions) = 0;
    /// regions [n, fpnChannels, 14, 14] -> [n, numClasses, 28, 28]
    virtual at::Tensor maskHead(const at::Tensor& regions) = 0;
    /// Throws Error(Usage): detections are lists, not one tensor.
    at::Tensor forward(const at::Tensor& images, const ForwardOptions& options = {}) override;
};

}  // namespace vl
