// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/measure_pictures.h"

#include <algorithm>

#include <ATen/ops/cat.h>
#include <c10/core/GradMode.h>

#include "engine/core/error.h"

namespace vl {
namespace {

void countClasses(MeasuredPictures& result, const at::Tensor& probabilities, const std::vector<int>& labels,
                  const std::vector<int>& classOf) {
    if (labels.empty()) return;
    result.classes.resize(static_cast<std::size_t>(probabilities.size(1)));
    const at::Tensor chosen = probabilities.argmax(1).contiguous();
    for (std::size_t i = 0; i < labels.size(); ++i) {
        auto label = static_cast<std::size_t>(labels[i]);  // negative ones become too large
        if (!classOf.empty()) label = label < classOf.size() ? static_cast<std::size_t>(classOf[label]) : label;
        if (label >= result.classes.size()) {
            ++result.strayLabels;
            continue;
        }
        ++result.classes[label].pictures;
        result.classes[label].right += chosen.const_data_ptr<std::int64_t>()[i] == static_cast<std::int64_t>(label);
    }
}

}  // namespace

ReferenceStatistics MeasuredPictures::statistics() const {
    ReferenceStatistics result{pooled.mean(), pooled.covariance(), {}, {}};
    if (spatial.count() > 1) {
        result.spatialMean = spatial.mean();
        result.spatialCovariance = spatial.covariance();
    }
    return result;
}

MeasuredPictures measurePictures(FeatureExtractor& network, PictureSource& source, const MeasureOptions& options) {
    const c10::NoGradGuard noGrad;
    const auto total = options.limit > 0 ? std::min(options.limit, source.size()) : source.size();
    MeasuredPictures result;
    std::vector<at::Tensor> kept;
    while (result.pictures < total) {
        if (options.progress && !options.progress(result.pictures, total))
            throw Error(ErrorCode::Cancelled, "The evaluation was interrupted.", "Nothing was written.");
        const PictureBatch batch = source.next(std::min(options.batch, total - result.pictures));
        if (!batch.pictures.defined()) break;
        const PictureFeatures features = network.extract(batch.pictures);
        result.pooled.add(features.pooled);
        if (features.spatial.defined()) result.spatial.add(features.spatial);
        result.score.add(features.probabilities);
        countClasses(result, features.probabilities, batch.labels, options.classOf);
        const auto room = std::min(options.keep - result.pictures, features.pooled.size(0));
        if (room > 0) kept.push_back(features.pooled.narrow(0, 0, room).to(at::kFloat).clone());
        result.pictures += batch.pictures.size(0);
    }
    if (!kept.empty()) result.kept = at::cat(kept);
    return result;
}

}  // namespace vl
