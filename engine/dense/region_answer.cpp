// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include "engine/core/error.h"
#include "engine/data/resize.h"
#include "engine/dense/dense_input.h"
#include "engine/dense/predictor.h"
#include "engine/dense/region_rows.h"
#include "engine/nn/detector.h"
#include "engine/nn/segmenter.h"

namespace vl {
namespace {

/// The picture as the backbone is asked about it: fitted into the side the model was trained at. Pyramids take it
/// stretched to the nearest sides they know, so that their grid ends with the picture; the others take a square whose
/// rest is empty.
struct Look {
    at::Tensor input;
    std::int64_t width = 0, height = 0;   ///< of the part that is picture
};

Look lookAt(const Image& picture, const ModelSpec& spec) {
    const TakenSides sides = takenSides(spec);
    const double scale = static_cast<double>(spec.imageSize) / std::max(picture.width, picture.height);
    const auto side = [&](int length) {
        const double wanted = length * scale;
        if (sides.fixed > 0) return std::clamp<std::int64_t>(std::llround(wanted), 1, sides.fixed);
        const auto cells = std::max<std::int64_t>(std::llround(wanted / static_cast<double>(sides.unit)), 1);
        return cells * sides.unit;
    };
    const std::int64_t width = side(picture.width), height = side(picture.height);
    const Image fitted = resizeImage(picture, static_cast<int>(width), static_cast<int>(height));
    return {partOf(fitted, {0, 0, height, width, false}, sides.padded(height), sides.padded(width)), width, height};
}

/// Hears one layer's attention and one level's features; keeps neither as it is.
class RegionProbe final : public Probe {
public:
    RegionProbe(const Model& model, const RegionQuestion& question, const Look& look)
        : model_(model), question_(question), look_(look) {}

    void attention(int layer, const at::Tensor& softmax) override {
        if (question_.what != RegionQuestion::What::Attention || layer != question_.layer) return;
        const AttentionGeometry geometry = model_.attentionGeometry(layer);
        heads_ = static_cast<int>(softmax.size(1));
        if (question_.head >= heads_)
            throw Error(ErrorCode::Usage,
                        "Layer " + std::to_string(layer + 1) + " has " + std::to_string(heads_) + " heads.",
                        "Ask for one of those, or for their mean.");
        const double cell = geometry.pixelsPerPatch > 0 ? geometry.pixelsPerPatch : model_.spec().patchSize;
        const double alpha = geometry.maskAfterSoftmax ? model_.softMask() : 1;
        const std::vector<std::int64_t> patches =
            patchesUnder(question_.region, geometry, static_cast<double>(look_.width) / cell,
                         static_cast<double>(look_.height) / cell);
        map = meanRows(softmax, geometry, patches, question_.head, alpha);
        cellsDown = static_cast<double>(look_.height) / (cell * geometry.keyStep);
        cellsAcross = static_cast<double>(look_.width) / (cell * geometry.keyStep);
    }

    void output(std::string_view name, const at::Tensor& value) override {
        if (question_.what == RegionQuestion::What::Features && name == "features." + std::to_string(question_.level))
            takeLevel(value);
    }

    void takeLevel(const at::Tensor& level) {
        channels_ = level.size(1);
        const at::Tensor mean = level[0].to(at::kFloat).abs().mean(0).contiguous();
        map = {static_cast<int>(mean.size(0)), static_cast<int>(mean.size(1)), {}};
        map.values.assign(mean.const_data_ptr<float>(), mean.const_data_ptr<float>() + mean.numel());
        stride_ = static_cast<double>(look_.input.size(2)) / map.rows;
        cellsDown = static_cast<double>(look_.height) / stride_;
        cellsAcross = static_cast<double>(look_.width) / stride_;
    }

    std::string description() const {
        if (question_.what == RegionQuestion::What::Features)
            return "level " + std::to_string(question_.level) + ", stride " + std::to_string(std::lround(stride_)) + ", " +
                   std::to_string(channels_) + " channels";
        return "layer " + std::to_string(question_.layer + 1) + ", " +
               (question_.head < 0 ? "mean of " + std::to_string(heads_) + " heads"
                                   : "head " + std::to_string(question_.head + 1));
    }

    GridMap map;
    double cellsDown = 0, cellsAcross = 0;  ///< of the map's cells, what is picture

private:
    const Model& model_;
    const RegionQuestion& question_;
    const Look& look_;
    std::int64_t channels_ = 0;
    int heads_ = 0;
    double stride_ = 1;
};

RegionQuestion checked(RegionQuestion question, const Model& model, const Image& picture) {
    if (question.what != RegionQuestion::What::Attention) return question;
    if (question.layer < 0) question.layer = model.layers() - 1;
    if (question.layer >= model.layers())
        throw Error(ErrorCode::Usage, "The model has " + std::to_string(model.layers()) + " layers.",
                    "Ask for one of those.");
    if (question.region.width != picture.width || question.region.height != picture.height)
        throw Error(ErrorCode::Mismatch, "The region belongs to a picture of another size.", "Choose it again.");
    return question;
}

}  // namespace

RegionAnswer answerRegion(Model& model, const Image& given, const RegionQuestion& asked) {
    const at::NoGradGuard noGrad;
    const Image picture = colourPicture(given);
    const RegionQuestion question = checked(asked, model, picture);
    const Look look = lookAt(picture, model.spec());
    RegionProbe probe(model, question, look);
    ForwardOptions options;
    options.probe = &probe;
    if (auto* detector = dynamic_cast<Detector*>(&model)) {
        const std::vector<at::Tensor> levels = detector->features(look.input, options);
        const bool known = question.level >= 0 && static_cast<std::size_t>(question.level) < levels.size();
        if (question.what == RegionQuestion::What::Features && known)
            probe.takeLevel(levels[static_cast<std::size_t>(question.level)]);
    } else if (auto* segmenter = dynamic_cast<Segmenter*>(&model)) {
        segmenter->segment(look.input, options);
    } else {
        throw Error(ErrorCode::Mismatch, "'" + model.spec().name + "' is no model for dense prediction.",
                    "Choose a segmentation or detection model.");
    }
    if (probe.map.values.empty())
        throw Error(ErrorCode::Usage, "The model has no such level of features.", "Ask for level 0, the finest.");
    const bool shares = question.what == RegionQuestion::What::Attention;
    const GridMap grid = pictureGrid(probe.map, probe.cellsDown, probe.cellsAcross, shares);
    return {asked.id, asked.request, asked.picture, grid.rows, grid.columns, grid.values, probe.description(), {}, {}};
}

}  // namespace vl
