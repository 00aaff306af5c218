// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros.h>

#include "engine/core/random.h"
#include "engine/nn/detector.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/segmenter.h"

namespace vl::test {

/// Published architectures with parts so small that a pass takes milliseconds; 64 px (pyramids) or 32 px, `classes`.
inline ModelSpec tinySegmenterSpec(const std::string& preset, int classes = 5) {
    ModelSpec spec = findPreset(preset);
    spec.numClasses = classes;
    spec.segment.headChannels = 16;
    spec.segment.auxChannels = 8;
    if (spec.segment.backbone == "pyramid") {
        spec.imageSize = 64;
        spec.pyramid.stages = {{16, 2, 1, 32, 8}, {32, 2, 2, 32, 4}, {64, 2, 4, 32, 2}, {64, 2, 4, 32, 1}};
        spec.dim = 64, spec.depth = 8, spec.heads = 4;
    } else {
        spec.imageSize = 32;
        spec.patchSize = 8;
        spec.dim = 32, spec.heads = 4, spec.depth = 3, spec.ffnHidden = 32;
        spec.segment.outLayers = {0, 1, 1, 2};
    }
    return spec;
}

inline ModelSpec tinyDetectorSpec(const std::string& preset, int classes = 3) {
    ModelSpec spec = findPreset(preset);
    if (spec.detect.backbone == "pyramid") {
        spec.pyramid.stages = {{16, 2, 1, 64, 8}, {32, 2, 2, 64, 4}, {64, 2, 4, 64, 2}, {64, 2, 4, 64, 1}};
        spec.dim = 64, spec.depth = 8, spec.heads = 4, spec.ffnHidden = 64;
        spec.imageSize = 64;
    } else {
        spec.dim = 64, spec.depth = 2, spec.heads = 4, spec.ffnHidden = wideSwigluHidden(64);
        spec.imageSize = 128;
        spec.detect.windowBlocks = {0};
        spec.detect.window = 3;
    }
    spec.detect.fpnChannels = spec.detect.maskChannels = 16;
    spec.detect.fcChannels = 32;
    spec.numClasses = classes;
    return spec;
}

inline std::unique_ptr<Model> filledModel(const ModelSpec& spec) {
    auto model = makeModel(spec);
    fillRecorded(model->parameters());
    return model;
}

/// A picture of noise over a slope, so that neighbours differ and so do ends.
inline Image noisyPicture(int width, int height, std::uint64_t seed = 1) {
    const RandomStream random(seed, 5);
    Image image{width, height, 3, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 3; ++c) {
                const auto at = static_cast<std::uint64_t>((y * width + x) * 3 + c);
                image.pixels.push_back(static_cast<std::uint8_t>(random.below(at, 96) + static_cast<std::uint64_t>(x * 80 / width + y * 79 / height)));
            }
    return image;
}

/// A segmenter that takes squares of its own side alone and says "class 1" where a pixel is brighter than the mean
/// colour. Its heads answer at full resolution.
class BrightSegmenter final : public Segmenter {
public:
    explicit BrightSegmenter(int side) {
        spec_.name = "bright";
        spec_.family = "upernet";
        spec_.segment.backbone = "plain";
        spec_.imageSize = side;
        spec_.patchSize = 1;
        spec_.numClasses = 2;
    }
    const ModelSpec& spec() const override { return spec_; }
    SegmentOutput segment(const at::Tensor& images, const ForwardOptions&) override {
        ++calls;
        SegmentOutput output;
        output.logits = at::zeros({1, 2, images.size(2), images.size(3)});
        output.logits.select(1, 1).copy_(images.select(1, 0) * 4);
        return output;
    }
    void setHeadDropout(double) override {}
    std::span<Parameter> parameters() override { return {}; }
    void initialise(std::uint64_t) override {}
    void setDropPath(double) override {}
    void setAttention(AttentionKind) override {}
    AttentionGeometry attentionGeometry(int) const override { return {}; }

    int calls = 0;

private:
    ModelSpec spec_;
};

}  // namespace vl::test
