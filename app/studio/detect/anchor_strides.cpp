// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/detect/anchor_strides.h"

#include <algorithm>

namespace vl {
namespace {

constexpr double kLongPerShort = 1333.0 / 800;  // of the published test pipeline

/// Pyramids get the short side at the trained size unless the long one grows too long; plain backbones get a square.
double scaleFor(const ModelSpec& spec, int width, int height) {
    const double most = std::max(width, height), least = std::min(width, height);
    if (spec.detect.backbone != "pyramid") return spec.imageSize / most;
    return std::min(spec.imageSize / least, spec.imageSize * kLongPerShort / most);
}

}  // namespace

std::vector<double> anchorStrides(const ModelSpec* spec, int width, int height) {
    std::vector<double> strides{4, 8, 16, 32, 64};  // of published pyramids
    if (!spec || spec->imageSize <= 0 || width <= 0 || height <= 0) return strides;
    const double finest = spec->detect.backbone == "pyramid" ? spec->patchSize : 4;
    for (double& stride : strides)
        stride *= finest / 4 / scaleFor(*spec, width, height);
    return strides;
}

}  // namespace vl
