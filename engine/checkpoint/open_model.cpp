// SPDX-License-Identifier: Apache-2.0
#include <ATen/core/grad_mode.h>
#include <ATen/ops/ones.h>

#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/chosen_weights.h"
#include "engine/checkpoint/tensor_reader.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/nn/unfilled_parameters.h"

namespace vl {
namespace {

constexpr const char* kSpecKey = "visionllama.spec";
constexpr std::size_t kNamesShown = 3;

std::string shapeText(at::IntArrayRef sizes) {
    std::string text;
    for (const auto size : sizes)
        text += (text.empty() ? "" : ", ") + std::to_string(size);
    return "[" + text + "]";
}

[[noreturn]] void refuse(const LoadPlan& plan, std::span<const Parameter> parameters, const std::string& model) {
    std::string list;
    std::size_t shown = 0, all = 0;
    for (const FillRow& row : plan.rows) {
        if (row.fill != Fill::Missing || ++all > kNamesShown) continue;
        const Parameter& parameter = parameters[row.parameter];
        list += (shown++ ? ", " : "") + parameter.name;
        if (row.source)
            list +=
                " is " + shapeText(row.source->tensor->shape) + " instead of " + shapeText(parameter.tensor.sizes());
        else
            list += " is missing";
    }
    if (all > kNamesShown) list += " and " + std::to_string(all - kNamesShown) + " more";
    throw Error(ErrorCode::Mismatch, "The weights do not fit model '" + model + "': " + list + ".",
                "Choose the preset, image size and number of classes these weights were made for.");
}

at::Tensor fitted(const FillRow& row, const at::Tensor& read, const ModelSpec& spec, const at::Tensor& target) {
    switch (row.fill) {
        case Fill::Reshape:
            return read.view(target.sizes());
        case Fill::Resize: {
            // By the model's own count of rows: no family but these has one.
            const auto rows = target.size(1) - (spec.classToken == ClassToken::None ? 0 : 1);
            int side = spec.grid();
            if (std::int64_t{side} * side != rows) side = 0;
            return resizePositions(read, side, spec.classToken);
        }
        default:
            return read.narrow(1, read.size(1) - target.size(1), target.size(1));
    }
}

void fill(Model& model, const LoadPlan& plan, const CheckpointFile& file, const ReadWatcher& watch) {
    const at::NoGradGuard noGrad;
    std::uint64_t total = 0;
    for (const FillRow& row : plan.rows)
        if (row.source && row.fill != Fill::Initial) total += row.source->tensor->bytes;
    ReadMeter meter(watch, total);
    for (const FillRow& row : plan.rows) {
        const at::Tensor target = model.parameters()[row.parameter].tensor.detach();
        switch (row.fill) {
            case Fill::Copy:
                readInto(target, file, *row.source->tensor, meter);
                break;
            case Fill::Ones:
                target.copy_(at::ones({}, target.options()));
                break;
            case Fill::Initial:
            case Fill::Missing:
                break;
            default:
                target.copy_(fitted(row, readTensor(file, *row.source->tensor, meter), model.spec(), target));
        }
    }
}

LoadPlan completePlan(std::span<const Parameter> parameters, const ModelSpec& spec, const WeightNames& weights,
                      bool newHeads) {
    auto plan = planLoad(parameters, weights, spec, newHeads);
    if (!plan.complete()) refuse(plan, parameters, spec.name);
    return plan;
}

void requireKnown(const ChosenWeights& choice) {
    const Recognition& r = choice.recognised.recognition;
    if (r.known) return;
    const auto file = choice.file.path().string();
    if (r.naming == "LLaMA")
        throw Error(ErrorCode::Mismatch, file + " is a language model, which this program cannot run.",
                    "Select weights from it with `visionllama select-weights`.");
    throw Error(ErrorCode::Mismatch, "The model that " + file + " belongs to was not recognised.",
                "`visionllama info FILE --preset NAME` shows what differs from a model you have in mind.");
}

std::unique_ptr<Model> build(const ChosenWeights& choice, const ReadWatcher& watch) {
    const ModelSpec& spec = choice.recognised.recognition.spec;
    const auto parameters = describeParameters(spec);
    const auto plan = completePlan(parameters, spec, *choice.recognised.weights, false);
    const UnfilledParameters unfilled(!plan.needsInitial());
    auto model = makeModel(spec);
    if (plan.needsInitial()) model->initialise(0);
    fill(*model, plan, choice.file, watch);
    return model;
}

}  // namespace

void loadIntoModel(Model& model, const std::filesystem::path& file, const CheckpointOptions& options,
                   const ReadWatcher& watch) {
    const auto opened = CheckpointFile::open(file);
    const auto trees = findWeights(opened.tensors(), options.averaged);
    if (trees.empty()) throw Error(ErrorCode::BadFile, file.string() + " holds no weights.", "Choose a checkpoint.");
    const auto weights = weightsFor(model.spec(), opened, trees.front());
    fill(model, completePlan(model.parameters(), model.spec(), *weights, true), opened, watch);
}

std::unique_ptr<Model> openModel(const std::filesystem::path& file, const ModelSpec* spec,
                                 const CheckpointOptions& options, const ReadWatcher& watch) {
    if (spec) {
        auto model = makeModel(*spec);
        model->initialise(0);
        loadIntoModel(*model, file, options, watch);
        return model;
    }
    const auto choice = chooseWeights(file, options);
    requireKnown(choice);
    return build(choice, watch);
}

OpenedCheckpoint openCheckpoint(const std::filesystem::path& file, const CheckpointOptions& options,
                                const ReadWatcher& watch) {
    const auto choice = chooseWeights(file, options);
    OpenedCheckpoint opened;
    const bool own = choice.file.metadata().contains(kSpecKey) && options.preset.empty();
    if (own) {
        opened.info = fromMetadata(choice.file.metadata(), file);
    } else {
        requireKnown(choice);
        opened.info.file = file;
        opened.info.spec = choice.recognised.recognition.spec;
        opened.info.alpha = opened.info.spec.alpha;
        // Published models are ImageNet's; for grey ones the channels together.
        opened.info.imagenetColours = true;
        opened.info.mean = 0.449;
        opened.info.std = 0.226;
        for (const PthScalar& scalar : choice.file.scalars())
            if (scalar.name == "epoch") opened.info.epoch = parseNumber(scalar.text).value_or(0);
    }
    opened.model = build(choice, watch);
    if (opened.model->hasSoftMask()) opened.model->setSoftMask(opened.info.alpha);
    return opened;
}

}  // namespace vl
