// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/metrics/feature_extractor.h"
#include "engine/metrics/gaussian_statistics.h"
#include "engine/metrics/inception_score.h"
#include "engine/metrics/picture_source.h"
#include "engine/metrics/reference_statistics.h"

namespace vl {

/// How many pictures of a class there were and how many the network took for theirs.
struct ClassCount {
    std::int64_t pictures = 0, right = 0;
};

/// What a network says about a set of pictures. Everything but `kept` is of one size, whatever their count.
struct MeasuredPictures {
    std::int64_t pictures = 0;
    GaussianStatistics pooled, spatial;  ///< spatial: none where the network has no such features
    InceptionScore score;
    at::Tensor kept;                  ///< [min(pictures, keep), D] float32, for precision and recall
    std::vector<ClassCount> classes;  ///< of the network; empty: the pictures have no labels
    std::int64_t strayLabels = 0;     ///< pictures whose label is none of the network's classes

    /// Throws Error(Usage) for fewer than two pictures.
    ReferenceStatistics statistics() const;
};

struct MeasureOptions {
    std::int64_t batch = 64;
    std::int64_t limit = 0;    ///< only the first pictures, 0: all
    std::int64_t keep = 0;     ///< features kept one by one, of the first pictures
    std::vector<int> classOf;  ///< the network's class of each label, -1: none; empty: labels are the network's
    std::function<bool(std::int64_t done, std::int64_t total)> progress;  ///< false: stop
};

/// Throws what the two throw, and Error(Cancelled).
MeasuredPictures measurePictures(FeatureExtractor& network, PictureSource& source, const MeasureOptions& options = {});

}  // namespace vl
