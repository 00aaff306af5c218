// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/train/overlay_film.h"
#include "engine/train/train_task.h"

namespace vl {

/// The published losses of a segmenter's two heads (models.md 8.3), judged by the mean IoU on whole validation pictures.
class SegmentTask final : public TrainTask {
public:
    SegmentTask(const RunSettings& settings, const Datasets& data, const std::filesystem::path& runFolder);

    Loss loss(Model& model, const Batch& batch, std::int64_t step) override;
    std::optional<EvalMetrics> evaluate(Model& model, const RunPoint& at,
                                        const std::function<bool()>& keepGoing) override;
    double score(const EvalMetrics& row) const override { return row.meanIou; }
    std::vector<std::shared_ptr<const FilmFrame>> takeFilm() override { return film_.take(); }
    void resumeAt(std::int64_t step) override { film_.resumeAt(step); }

private:
    const RunSettings& settings_;
    std::shared_ptr<const DenseDataset> truth_;
    OverlayFilm film_;
};

}  // namespace vl
