// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/bincount.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>

#include "engine/api/families.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/segmenter.h"
#include "engine/tasks/segment_loss.h"
#include "engine/tasks/segment_window.h"
#include "engine/train/optimiser.h"
#include "engine/verify/compare_model.h"

namespace vl {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-4, kLossTolerance = 1e-4, kTrainingTolerance = 1e-3;

void setPyramid(ModelSpec& spec, const json& backbone) {
    const auto dims = backbone.at("dims").get<std::vector<int>>(),
               depths = backbone.at("depths").get<std::vector<int>>();
    const auto heads = backbone.at("heads").get<std::vector<int>>();
    spec.pyramid.stages.clear();
    spec.depth = 0;
    for (std::size_t s = 0; s < dims.size(); ++s) {
        const int reduction = s < 4 ? 8 >> s : 1;
        spec.pyramid.stages.push_back({dims[s], depths.at(s), heads.at(s), swigluHidden(dims[s]), reduction});
        spec.depth += depths[s];
    }
    spec.dim = dims.back();
    spec.heads = heads.back();
    spec.ffnHidden = swigluHidden(dims.back());
    spec.rope.autoScale = backbone.at("auto_scale");
    spec.pyramid.normAfterStage = backbone.at("norm_after_stage");
}

ModelSpec specOf(const json& recorded) {
    const json& backbone = recorded.at("backbone");
    const bool pyramid = backbone.at("type") == "pyramid";
    ModelSpec spec = findPreset(pyramid ? "upernet_pllama_as_small" : "upernet_vision_llama_base");
    spec.name = recorded.at("case");
    if (pyramid) {
        setPyramid(spec, backbone);
    } else {
        const ModelSpec sizes = mmpretrainSpec(backbone.contains("arch") ? backbone["arch"] : backbone);
        spec.dim = sizes.dim, spec.depth = sizes.depth, spec.heads = sizes.heads, spec.ffnHidden = sizes.ffnHidden;
        spec.segment.outLayers = backbone.at("out_layers").get<std::vector<int>>();
        spec.finalNorm = backbone.value("final_norm", false);
    }
    spec.segment.headChannels = recorded.at("head_channels");
    spec.segment.auxChannels = recorded.at("aux_channels");
    spec.numClasses = recorded.at("num_classes");
    spec.imageSize = recorded.at("image").at(0);
    return spec;
}

/// The labels' rule: a class of every 4 x 4 block from one stream, ignored pixels from another.
at::Tensor recordedLabels(at::IntArrayRef shape, std::int64_t classes) {
    const at::Tensor classOf = ((recordedStream("label", shape) + 1) / 2 * classes).floor().to(at::kLong);
    const at::Tensor corners = classOf.slice(1, {}, {}, 4).slice(2, {}, {}, 4);
    const at::Tensor blocks = corners.repeat_interleave(4, 1).repeat_interleave(4, 2);
    const at::Tensor ignored = recordedStream("ignore", shape).lt(-0.9);
    return at::where(ignored, at::full_like(blocks, kIgnoredLabel), blocks);
}

/// Whether the two best classes of a pixel are so close that rounding may swap them: [B, H, W].
at::Tensor closePixels(const at::Tensor& logits, double precisionFactor) {
    const at::Tensor best = std::get<0>(logits.to(at::kDouble).topk(2, 1));
    const double reach = kTolerance * precisionFactor * logits.abs().max().item<double>();
    return (best.select(1, 0) - best.select(1, 1)).lt(reach);
}

struct ArgMax {
    at::Tensor classes, close;  ///< [B, H, W]
};

ArgMax argMaxOf(const at::Tensor& logits, const CaseReport& report) {
    const double factor = report.options().precision == at::kBFloat16 ? 300 : 1;
    return {logits.argmax(1).cpu(), closePixels(logits, factor).cpu()};
}

/// The first pixels of the first row; a pixel at a tie may be of another class.
void compareRow(const std::string& what, const json& recorded, const ArgMax& got, CaseReport& report) {
    const auto expected = recorded.get<std::vector<std::int64_t>>();
    const auto count = static_cast<std::int64_t>(expected.size());
    const at::Tensor row = got.classes.select(0, 0).select(0, 0).narrow(0, 0, count);
    const at::Tensor differs = row.ne(at::tensor(expected));
    const at::Tensor ties = got.close.select(0, 0).select(0, 0).narrow(0, 0, count);
    const auto wrong = differs.logical_and(ties.logical_not()).sum().item<std::int64_t>();
    const auto tied = differs.logical_and(ties).sum().item<std::int64_t>();
    report.add({what, static_cast<double>(wrong), 0, tied ? std::to_string(tied) + " more at ties" : ""});
}

/// Pixels a class: every pixel at a tie may move one count from a class to another.
void compareHistogram(const json& recorded, const ArgMax& got, CaseReport& report) {
    const auto expected = recorded.get<std::vector<std::int64_t>>();
    const at::Tensor counts = at::bincount(got.classes.flatten(), {}, static_cast<std::int64_t>(expected.size()));
    if (counts.size(0) != static_cast<std::int64_t>(expected.size()))
        return report.miss("argmax histogram", "a class beyond the recorded ones wins somewhere");
    const double moved = (counts - at::tensor(expected)).abs().sum().item<double>() / 2;
    report.add({"argmax histogram", moved, got.close.sum().item<double>(), "pixels at ties may differ"});
}

void compareEvaluation(const json& recorded, const SegmentOutput& output, const at::Tensor& whole, CaseReport& report) {
    const json& features = recorded.at("features");
    if (features.size() != output.features.size()) return report.miss("features", "there are four of them");
    for (std::size_t i = 0; i < features.size(); ++i)
        report.summary("features " + std::to_string(i), features[i], output.features[i]);
    report.summary("psp", recorded.at("psp"), output.pooled);
    report.summary("decode logits", recorded.at("decode_logits"), output.logits);
    report.summary("aux logits", recorded.at("aux_logits"), output.auxiliary);
    report.summary("whole", recorded.at("whole"), whole);
    const ArgMax best = argMaxOf(whole, report);
    const json& argmax = recorded.at("whole_argmax");
    compareRow("argmax first row", argmax.at("first_row"), best, report);
    if (argmax.contains("histogram")) compareHistogram(argmax["histogram"], best, report);
}

/// Losses, accuracies and gradients of one mode. A pixel at a tie may count as right or wrong.
void compareLoss(const std::string& what, const json& recorded, Segmenter& model, const SegmentOutput& output,
                 const at::Tensor& labels, double tolerance, CaseReport& report) {
    const SegmentLoss loss = segmentLoss(output, labels);
    const double pixel = 100.0 / static_cast<double>(labels.numel());
    report.number(what + " loss", recorded.at("loss_ce"), loss.main.item<double>(), tolerance);
    report.number(what + " auxiliary loss", recorded.at("aux_loss_ce"), loss.auxiliary.item<double>(), tolerance);
    report.number(what + " total loss", recorded.at("total"), loss.total.item<double>(), tolerance);
    const auto accuracy = [&](const std::string& name, double expected, double got) {
        // In units of pixels; up to three in ten thousand may sit at a tie.
        report.number(what + name, 0, (got - expected) / pixel, 3e-4 * static_cast<double>(labels.numel()), 1);
    };
    accuracy(" accuracy", recorded.at("acc_seg"), loss.accuracy);
    accuracy(" auxiliary accuracy", recorded.at("aux_acc_seg"), loss.auxiliaryAccuracy);
    loss.total.backward();
    compareGradients(what, recorded, model.parameters(), report);
    clearGradients(model.parameters());
}

void compareStatistics(const json& recorded, std::span<const Parameter> parameters, CaseReport& report) {
    for (const auto& [name, summary] : recorded.items()) {
        at::Tensor found;
        for (const Parameter& parameter : parameters) {
            if (parameter.name == name) found = parameter.tensor;
        }
        report.summary("after a training pass " + name, summary, found);
    }
}

/// One pass with batch statistics from the recorded weights, in the report's precision.
void compareTrainingPass(const std::string& what, const json& recorded, Segmenter& model, const at::Tensor& images,
                         const at::Tensor& labels, CaseReport& report) {
    // Moved first: what an earlier pass rounded must not stay rounded.
    moveParameters(model, report.options().device, report.options().precision);
    fillRecorded(model.parameters());
    ForwardOptions training;
    training.training = true;
    const SegmentOutput output =
        model.segment(images.to(report.options().device, report.options().precision), training);
    compareLoss(what, recorded, model, output, labels, kTrainingTolerance, report);
    compareStatistics(recorded.at("after"), model.parameters(), report);
}

/// A ReLU whose input is within rounding of zero falls to either side in float32, and one pixel that does so in the
/// last ConvBN moves the gradient by a third of a percent; bfloat16 cannot normalise two nearly equal pooled values at
/// all. What misses in less than float64 must therefore hold in float64.
void compareTraining(const json& recorded, Segmenter& model, const at::Tensor& images, const at::Tensor& labels,
                     CaseReport& report) {
    CaseReport single(report.options());
    compareTrainingPass("training", recorded, model, images, labels, single);
    const bool again = !single.passed() && report.options().precision != at::kDouble;
    std::string missed;
    for (const Deviation& row : single.rows()) {
        if (!again || row.passed())
            report.add(row);
        else
            missed += (missed.empty() ? "" : ", ") + row.quantity + " " + std::to_string(row.worst);
    }
    if (!again) return;
    CaseReport wide({report.options().device, at::kDouble});
    compareTrainingPass("training in float64", recorded, model, images, labels, wide);
    for (Deviation row : wide.rows()) {
        row.note = "in single precision a tie decides: " + missed;
        report.add(row);
    }
}

void compareSlide(const json& recorded, Segmenter& model, CaseReport& report) {
    const auto shape = recorded.at("logits").at("shape").get<std::vector<std::int64_t>>();
    const at::Tensor images =
        recordedStream("slide_input", {shape.at(0), model.spec().inChannels, shape.at(2), shape.at(3)})
            .to(report.options().device, report.options().precision);
    const SlidingWindow window{recorded.at("crop").at(0), recorded.at("crop").at(1), recorded.at("stride").at(0),
                               recorded.at("stride").at(1)};
    const at::Tensor logits = segmentBySlidingWindow(model, images, window);
    report.summary("slide logits", recorded.at("logits"), logits);
    const json& center = recorded.at("center");
    const at::Tensor middle = logits.select(0, 0).select(2, shape[3] / 2).select(1, shape[2] / 2);
    report.values("slide center", center, middle.narrow(0, 0, static_cast<std::int64_t>(center.size())), kTolerance);
    compareRow("slide argmax first row", recorded.at("argmax_first_row"), argMaxOf(logits, report), report);
}

}  // namespace

void replaySegmentation(const json& recorded, CaseReport& report) {
    const auto made = makeModel(specOf(recorded));
    auto& model = dynamic_cast<Segmenter&>(*made);
    compareTensors(recorded, model.parameters(), report);
    fillRecorded(model.parameters());
    const VerifyOptions& options = report.options();
    moveParameters(model, options.device, options.precision);
    model.setHeadDropout(recorded.value("dropout", 0.0));
    model.setDropPath(recorded.at("backbone").value("drop_path", 0.0));

    const std::int64_t batch = recorded.at("batch"), rows = recorded.at("image").at(0),
                       columns = recorded["image"].at(1);
    const at::Tensor input = recordedInput({batch, model.spec().inChannels, rows, columns});
    const at::Tensor images = input.to(options.device, options.precision);
    const at::Tensor labels = recordedLabels({batch, rows, columns}, model.spec().numClasses);
    report.number("labelled pixels", recorded.at("label_valid"), labels.ne(kIgnoredLabel).sum().item<double>(), 0);
    const json& labelRow = recorded.at("label_first_row");
    const auto labelCount = static_cast<std::int64_t>(labelRow.size());
    report.exact("label first row", labelRow, labels.select(0, 0).select(0, 0).narrow(0, 0, labelCount));
    const at::Tensor placed = labels.to(options.device);
    {
        const at::NoGradGuard noGrad;
        compareEvaluation(recorded, model.segment(images), model.forward(images), report);
        compareSlide(recorded.at("slide"), model, report);
    }
    compareLoss("evaluation", recorded.at("loss_eval"), model, model.segment(images), placed, kLossTolerance, report);
    compareTraining(recorded.at("loss_train"), model, input, placed, report);
}

}  // namespace vl
