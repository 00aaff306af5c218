// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "engine/api/types.h"
#include "engine/data/dataset.h"
#include "engine/nn/model.h"
#include "engine/train/evaluation.h"

namespace vl {

/// The few dozen validation pictures worth showing, chosen by the last evaluation and predicted again when asked.
class GalleryKeeper {
public:
    GalleryKeeper(std::shared_ptr<const Dataset> dataset, double mean, double std);

    /// Chooses the pictures from a whole evaluation.
    void choose(std::vector<SampleResult> samples, std::int64_t step, double epoch);
    /// Predicts the chosen pictures (before any evaluation: the first ones) with the model as it is now. One batch.
    void refresh(Model& model, std::int64_t step, double epoch);
    /// Null before the first of either.
    std::shared_ptr<const Gallery> gallery() const { return gallery_; }

private:
    void publish(const std::vector<SampleResult>& sorted, std::int64_t step, double epoch);

    std::shared_ptr<const Dataset> dataset_;
    double mean_, std_;
    std::vector<std::int64_t> indices_;
    std::int64_t wrong_ = 0, total_ = 0;
    bool evaluated_ = false;
    std::shared_ptr<const Gallery> gallery_;
};

}  // namespace vl
