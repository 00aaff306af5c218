// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "engine/api/settings.h"
#include "engine/data/dataset.h"
#include "engine/data/dense_augment.h"
#include "engine/data/dense_dataset.h"

namespace vl {

/// Annotated pictures as the loader hands them to a dense model: augmented onto a canvas of one size, normalised with
/// ImageNet's colours, with what there is to learn on that canvas.
class DenseTraining final : public Dataset {
public:
    /// Whose annotations count: labels (Segment) or objects (Detect).
    DenseTraining(std::shared_ptr<const DenseDataset> data, ModelTask task, const DenseSettings& settings, bool flip,
                  int canvas);

    std::int64_t size() const override { return data_->size(); }
    int label(std::int64_t) const override { return 0; }
    /// The picture fitted into the canvas, without augmentation.
    void read(std::int64_t index, std::uint8_t* pixels) const override;
    bool makesTargets() const override { return true; }
    /// A sample that cannot be read gives way to the next one that can; takeProblems() tells.
    DenseTarget annotated(std::int64_t index, const RandomStream& random, float* out) const override;
    std::vector<std::string> takeProblems() const override;

private:
    DenseSample readable(std::int64_t index) const;

    std::shared_ptr<const DenseDataset> data_;
    ModelTask task_;
    SegmentAugment segment_;
    DetectAugment detect_;
    mutable std::mutex mutex_;
    mutable std::vector<std::string> problems_;
};

/// What a dense run trains on and is judged by; `canvas` is the side the model is trained at.
/// Throws as openSegmentDataset and openDetectDataset.
Datasets openDenseDatasets(const RunSettings& settings, ModelTask task, int canvas);

/// "480, 512, 544" as numbers. Throws Error(Usage) for anything else.
std::vector<int> sidesOf(const std::string& text);

}  // namespace vl
