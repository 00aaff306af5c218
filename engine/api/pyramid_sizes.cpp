// SPDX-License-Identifier: Apache-2.0
#include "engine/api/pyramid_sizes.h"

#include <utility>

namespace vl {

void setStages(ModelSpec& spec, std::vector<PyramidStage> stages) {
    spec.pyramid.stages = std::move(stages);
    spec.depth = 0;
    for (const PyramidStage& stage : spec.pyramid.stages)
        spec.depth += stage.depth;
    const PyramidStage& last = spec.pyramid.stages.back();
    spec.dim = last.dim;
    spec.heads = last.heads;
    spec.ffnHidden = last.ffnHidden;
}

std::vector<PyramidStage> microStages() {
    return {{32, 2, 1, 96, 2}, {64, 2, 2, 192, 1}, {128, 4, 4, 384, 1}, {192, 2, 6, 512, 1}};
}

}  // namespace vl
