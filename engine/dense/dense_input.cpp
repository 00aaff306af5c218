// SPDX-License-Identifier: Apache-2.0
#include "engine/dense/dense_input.h"

#include <algorithm>

#include <ATen/ops/zeros.h>

#include "engine/core/error.h"
#include "engine/data/resize.h"

namespace vl {

std::int64_t TakenSides::padded(std::int64_t pixels) const {
    if (fixed == 0) return (std::max<std::int64_t>(pixels, 1) + unit - 1) / unit * unit;
    if (pixels <= fixed) return fixed;
    throw Error(ErrorCode::Mismatch,
                "This model takes " + std::to_string(fixed) + " x " + std::to_string(fixed) +
                    " pixels alone, and the picture has a side of " + std::to_string(pixels) + ".",
                "Let windows slide over the picture instead.");
}

TakenSides takenSides(const ModelSpec& spec) {
    const bool segments = spec.task() == ModelTask::Segment;
    const bool pyramid = (segments ? spec.segment.backbone : spec.detect.backbone) == "pyramid";
    if (!pyramid) return {spec.patchSize, spec.imageSize};
    // Published test pipelines pad to 32, which suits every pyramid here; pooled keys may ask for more.
    std::int64_t unit = 1, cell = spec.patchSize;
    for (const PyramidStage& stage : spec.pyramid.stages) {
        unit = std::max(unit, cell * stage.reduction);
        cell *= 2;
    }
    return {std::max(unit, cell / 2), 0};
}

Image colourPicture(const Image& picture) {
    const auto bytes = static_cast<std::size_t>(std::max(picture.width, 0)) *
                       static_cast<std::size_t>(std::max(picture.height, 0)) *
                       static_cast<std::size_t>(std::max(picture.channels, 0));
    if (picture.empty() || picture.pixels.size() != bytes)
        throw Error(ErrorCode::Usage, "There is no picture to look at.", "Choose another picture.");
    return picture.channels == 3 ? picture : convertChannels(picture, 3);
}

at::Tensor partOf(const Image& picture, const PicturePart& part, std::int64_t rows, std::int64_t columns) {
    at::Tensor out = at::zeros({1, 3, rows, columns}, at::kFloat);
    float* const values = out.mutable_data_ptr<float>();
    float scale[3], shift[3];
    for (int c = 0; c < 3; ++c) {
        scale[c] = static_cast<float>(1 / (255 * kImagenetStd[c]));
        shift[c] = static_cast<float>(kImagenetMean[c] / kImagenetStd[c]);
    }
    for (std::int64_t y = 0; y < part.height; ++y) {
        const std::uint8_t* const row = picture.pixels.data() + (part.top + y) * picture.width * 3;
        for (std::int64_t x = 0; x < part.width; ++x) {
            const std::int64_t from = part.mirrored ? picture.width - 1 - part.left - x : part.left + x;
            for (int c = 0; c < 3; ++c)
                values[(c * rows + y) * columns + x] = static_cast<float>(row[3 * from + c]) * scale[c] - shift[c];
        }
    }
    return out;
}

}  // namespace vl
