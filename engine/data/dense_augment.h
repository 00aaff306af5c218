// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/core/random.h"
#include "engine/data/dense_dataset.h"

namespace vl {

/// The training pipeline of models.md 8.4: resize by a random ratio, crop with at most a share of one class, mirror,
/// photometric distortion, pad with the mean colour (0 after normalisation) and kNoClass.
struct SegmentAugment {
    int crop = 512;                       ///< side of what comes out
    int baseLong = 2048, baseShort = 512; ///< what ratio 1 fits the picture into, aspect kept
    double minRatio = 0.5, maxRatio = 2;
    double mostOfOneClass = 0.75;         ///< of the labelled pixels of a crop; ten tries
    bool flip = true, photometric = true;
};
/// Depends on `random` alone.
DenseSample augmentSegment(const DenseSample& sample, const SegmentAugment& how, const RandomStream& random);
/// What testing sees: the picture fitted into baseLong x baseShort, labels untouched.
Image fitForTesting(const Image& picture, int baseLong, int baseShort);

/// The training pipelines of models.md 9.1 (shortSides not empty: multi-scale) and 9.2 (large-scale jitter).
struct DetectAugment {
    int size = 1024;                      ///< side of the canvas that comes out; the picture stands in its top left corner
    std::vector<int> shortSides;          ///< one is drawn; long side at most maxLong
    int maxLong = 1333;
    double minScale = 0.1, maxScale = 2;  ///< large-scale jitter of `size`
    bool flip = true;
    double thinnest = 0.01;               ///< objects whose box is thinner than this, in pixels, are dropped
    int padding = 114;                    ///< grey of the rest of the canvas
};
struct DetectCanvas {
    DenseSample sample;                   ///< picture of size x size
    int width = 0, height = 0;            ///< of the part that is picture
};
DetectCanvas augmentDetect(const DenseSample& sample, const DetectAugment& how, const RandomStream& random);
/// What testing sees: aspect kept, short side or long side as given, padded to a multiple of `multiple` with grey `padding`, 0: the mean colour.
/// `scale`: canvas pixels per picture pixel.
struct TestCanvas {
    Image picture;
    int width = 0, height = 0;
    double scaleX = 1, scaleY = 1;
};
TestCanvas fitForDetection(const Image& picture, int shortSide, int longSide, int multiple, int padding = 0);

}  // namespace vl
