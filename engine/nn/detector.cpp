// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/detector.h"

#include "engine/core/error.h"

namespace vl {

at::Tensor Detector::forward(const at::Tensor&, const ForwardOptions&) {
    throw Error(ErrorCode::Usage, "Model '" + spec().name + "' finds objects; its answer is a list, not one tensor.",
                "Ask it for detections.");
}

}  // namespace vl
