// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <ATen/core/Tensor.h>

namespace vl {

/// What a network says about a batch of pictures.
struct PictureFeatures {
    at::Tensor pooled;         ///< [B, D] float32
    at::Tensor spatial;        ///< [B, F] float32, for sFID; undefined where the network has none
    at::Tensor probabilities;  ///< [B, K] float32
};

/// A network whose features stand for how pictures look.
class FeatureExtractor {
public:
    virtual ~FeatureExtractor() = default;
    /// pictures [B, 1 or 3, H, W] uint8; fitted to the network's size and channels inside.
    virtual PictureFeatures extract(const at::Tensor& pictures) = 0;
    /// For reports: "Inception v3 of pt_inception-2015-12-05-6726825d.pth", "illama_micro at step 8,433".
    virtual std::string name() const = 0;
};

/// One of our classifiers: pooled is what its head reads. Pictures are fitted as evaluation does. Throws
/// Error(NotFound | BadFile | Mismatch | Usage | Unsupported) for what is no classifier.
std::unique_ptr<FeatureExtractor> classifierFeatures(const std::filesystem::path& checkpoint);
/// The Inception v3 of the usual FID weights (pt_inception-2015-12-05-6726825d.pth). Throws Error likewise.
std::unique_ptr<FeatureExtractor> inceptionFeatures(const std::filesystem::path& file);

}  // namespace vl
