// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include "engine/core/error.h"
#include "engine/data/dense_augment.h"
#include "engine/dense/dense_input.h"
#include "engine/dense/predictor.h"
#include "engine/nn/detector.h"
#include "engine/tasks/detect_masks.h"
#include "engine/tasks/detect_predict.h"

namespace vl {
namespace {

/// models.md 9.1 and 9.2: the long side of published pyramids at a short side of 800; the grey that ViTDet pads with.
constexpr double kLongPerShort = 1333.0 / 800;
constexpr int kWindowedGrey = 114;

Detector& detectorOf(Model& model) {
    if (auto* detector = dynamic_cast<Detector*>(&model)) return *detector;
    throw Error(ErrorCode::Mismatch, "'" + model.spec().name + "' does not find objects.", "Choose a detection model.");
}

TestCanvas canvasFor(const Image& picture, const ModelSpec& spec) {
    const TakenSides sides = takenSides(spec);
    if (sides.fixed > 0) {
        const auto side = static_cast<int>(sides.fixed);
        return fitForDetection(picture, side, side, side, kWindowedGrey);
    }
    const auto longest = static_cast<int>(std::lround(spec.imageSize * kLongPerShort));
    return fitForDetection(picture, spec.imageSize, longest, static_cast<int>(sides.unit));
}

/// Padded pyramids see zeros past the picture, padded ViTDets grey.
at::Tensor inputOf(const TestCanvas& canvas, const ModelSpec& spec) {
    const bool grey = takenSides(spec).fixed > 0;
    const PicturePart part{0, 0, grey ? canvas.picture.height : canvas.height,
                           grey ? canvas.picture.width : canvas.width, false};
    return partOf(canvas.picture, part, canvas.picture.height, canvas.picture.width);
}

/// Runs down the columns of a picture, appended one after the other.
class RunWriter {
public:
    void add(bool inside, std::int64_t count) {
        if (count == 0) return;
        if (inside != inside_) {
            mask.runs.push_back(static_cast<std::uint32_t>(run_));
            inside_ = inside;
            run_ = 0;
        }
        run_ += count;
    }
    void finish() { mask.runs.push_back(static_cast<std::uint32_t>(run_)); }
    RunMask mask;

private:
    bool inside_ = false;
    std::int64_t run_ = 0;
};

/// A mask of probabilities laid over its box. Only the box's surroundings are looked at: a large picture with a hundred
/// objects would otherwise be filled a hundred times.
RunMask pasted(const at::Tensor& probabilities, const Box& box, const Image& picture) {
    const auto edge = [](double value, int most) {
        return static_cast<std::int64_t>(std::clamp(value, 0.0, static_cast<double>(most)));
    };
    const std::int64_t left = edge(std::floor(box[0]) - 1, picture.width), top = edge(std::floor(box[1]) - 1, picture.height);
    const std::int64_t right = edge(std::ceil(box[2]) + 1, picture.width);
    const std::int64_t bottom = edge(std::ceil(box[3]) + 1, picture.height);
    at::Tensor moved = at::empty({4}, at::kFloat);
    float* corners = moved.mutable_data_ptr<float>();
    for (int i = 0; i < 4; ++i)
        corners[i] = box[static_cast<std::size_t>(i)] - static_cast<float>(i % 2 == 0 ? left : top);
    const at::Tensor inside = pasteMask(probabilities, moved, bottom - top, right - left).t().contiguous();
    const bool* column = inside.const_data_ptr<bool>();
    RunWriter writer;
    writer.mask.width = picture.width;
    writer.mask.height = picture.height;
    writer.add(false, left * picture.height);
    for (std::int64_t x = left; x < right; ++x, column += bottom - top) {
        writer.add(false, top);
        for (std::int64_t y = 0; y < bottom - top; ++y)
            writer.add(column[y], 1);
        writer.add(false, picture.height - bottom);
    }
    writer.add(false, (picture.width - right) * picture.height);
    writer.finish();
    return writer.mask;
}

/// From the canvas to the picture, held inside it.
Box boxIn(const float* corners, const TestCanvas& canvas, const Image& picture) {
    Box box{};
    for (std::size_t i = 0; i < 4; ++i) {
        const double scale = i % 2 == 0 ? canvas.scaleX : canvas.scaleY;
        const int most = i % 2 == 0 ? picture.width : picture.height;
        box[i] = static_cast<float>(std::clamp(corners[i] / scale, 0.0, static_cast<double>(most)));
    }
    return box;
}

std::vector<FoundObject> objectsOf(const Detections& found, const TestCanvas& canvas, const Image& picture) {
    const at::Tensor boxes = found.boxes.to(at::kFloat).contiguous(), scores = found.scores.to(at::kFloat).contiguous();
    const at::Tensor labels = found.labels.contiguous();
    std::vector<FoundObject> objects;
    for (std::int64_t i = 0; i < boxes.size(0); ++i) {
        FoundObject object;
        object.box = boxIn(boxes.const_data_ptr<float>() + 4 * i, canvas, picture);
        object.label = static_cast<int>(labels.const_data_ptr<std::int64_t>()[i]);
        object.score = scores.const_data_ptr<float>()[i];
        if (found.masks.defined()) object.mask = pasted(found.masks[i], object.box, picture);
        objects.push_back(std::move(object));
    }
    return objects;
}

std::vector<FoundObject> objectsOf(const Proposals& proposals, const TestCanvas& canvas, const Image& picture) {
    return objectsOf(Detections{proposals.boxes, proposals.scores, at::zeros({proposals.boxes.size(0)}, at::kLong), {}},
                     canvas, picture);
}

}  // namespace

FoundObjects detectPicture(Model& model, const Image& given, const DetectTesting& how, const DenseProgress& progress) {
    const at::NoGradGuard noGrad;
    Detector& detector = detectorOf(model);
    if (how.most < 1 || !(how.overlap > 0 && how.overlap <= 1))
        throw Error(ErrorCode::Usage, "At least one object and an overlap above 0 up to 1 must be asked for.",
                    "The published test keeps 100 at 0.5.");
    constexpr int kStages = 3;
    const auto tell = [&](int done) {
        if (progress && !progress(done, kStages, nullptr))
            throw Error(ErrorCode::Cancelled, "The search was stopped.", "Start it again.");
    };
    tell(0);
    const Image picture = colourPicture(given);
    const TestCanvas canvas = canvasFor(picture, model.spec());
    const std::vector<PictureSize> sizes{{static_cast<double>(canvas.height), static_cast<double>(canvas.width)}};
    const std::vector<at::Tensor> features = detector.features(inputOf(canvas, model.spec()), {});
    tell(1);
    DetectionRule rule;
    rule.score = how.threshold;
    rule.overlap = how.overlap;
    rule.most = how.most;
    const std::vector<Proposals> proposals = proposeRegions(detector.propose(features), sizes, rule.proposals);
    tell(2);
    const Detections found = detectInRegions(detector, features, proposals, sizes, rule).front();
    FoundObjects out{objectsOf(found, canvas, picture), {}};
    if (how.proposals) out.proposals = objectsOf(proposals.front(), canvas, picture);
    tell(kStages);
    return out;
}

}  // namespace vl
