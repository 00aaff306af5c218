// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/gallery_keeper.h"
#include "engine/train/train_task.h"

namespace vl {

/// Cross entropy with label smoothing, judged by the accuracy on the validation split.
class ClassifyTask final : public TrainTask {
public:
    ClassifyTask(const RunSettings& settings, const Datasets& data);

    Loss loss(Model& model, const Batch& batch, std::int64_t step) override;
    std::optional<EvalMetrics> evaluate(Model& model, const RunPoint& at,
                                        const std::function<bool()>& keepGoing) override;
    double score(const EvalMetrics& row) const override { return row.accuracy; }
    std::shared_ptr<const Gallery> gallery() const override { return gallery_.gallery(); }
    std::shared_ptr<const Gallery> refreshGallery(Model& model, const RunPoint& at) override;

private:
    const RunSettings& settings_;
    std::shared_ptr<const Dataset> evaluation_;
    GalleryKeeper gallery_;
};

}  // namespace vl
