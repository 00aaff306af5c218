// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/metrics/feature_extractor.h"
#include "engine/metrics/gaussian_statistics.h"

namespace vl {

/// A classifier's opinion of samples.
class SampleJudge {
public:
    /// Compares with the first pictures of `real`; opens the checkpoint at once. Throws as classifierFeatures.
    SampleJudge(const std::filesystem::path& checkpoint, std::shared_ptr<const Dataset> real);

    /// Share of pictures [B, C, S, S] (uint8) that are taken for their label.
    double accuracy(const at::Tensor& pictures, const std::vector<int>& labels);
    /// Frechet distance of the pictures to the data. The data's side is measured at the first call; nothing when
    /// `keepGoing` says false.
    std::optional<double> frechet(const at::Tensor& pictures, const std::function<bool()>& keepGoing);

private:
    bool measureReal(const std::function<bool()>& keepGoing);

    std::unique_ptr<FeatureExtractor> features_;
    std::shared_ptr<const Dataset> real_;
    std::optional<GaussianStatistics> realStatistics_;
};

}  // namespace vl
