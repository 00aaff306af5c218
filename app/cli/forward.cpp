// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include <c10/core/GradMode.h>

#include "app/cli/command.h"
#include "app/cli/forward_pass.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/core/error.h"
#include "engine/nn/recorded_fill.h"
#include "engine/nn/weights_file.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

struct ForwardArguments {
    std::string preset, weights, fill, input, output;
    int numClasses = 0, imageSize = 0, threads = 0;
    std::optional<double> alpha, guidance;
    bool averaged = false;
};

ModelSpec specFrom(const ForwardArguments& arguments, const TensorMap& inputs) {
    ModelSpec spec = findPreset(arguments.preset);
    if (arguments.numClasses > 0) spec.numClasses = arguments.numClasses;
    if (arguments.imageSize > 0) spec.imageSize = arguments.imageSize;
    const at::Tensor& pictures = inputs.at("input");
    if (spec.task() == ModelTask::Classify && pictures.dim() == 4) spec.inChannels = static_cast<int>(pictures.size(1));
    validate(spec);
    return spec;
}

/// Loads a file, allowing what fine-tuning allows except a head that stays unfilled: its outputs would mean nothing.
void loadAll(Model& model, const std::string& file, bool averaged) {
    model.initialise(0);  // tables that some files leave out
    for (const Parameter& parameter : model.parameters())
        if (parameter.kind == ParameterKind::Trained) parameter.tensor.fill_(std::numeric_limits<double>::quiet_NaN());
    CheckpointOptions options;
    options.averaged = averaged;
    loadIntoModel(model, file, options);
    for (const Parameter& parameter : model.parameters()) {
        if (parameter.kind == ParameterKind::Trained && parameter.tensor.isnan().any().item<bool>())
            throw Error(ErrorCode::Mismatch, file + " has no numbers that fit " + parameter.name + ".",
                        "Give the number of classes the weights were made for: --num-classes N.");
    }
}

std::unique_ptr<Model> modelFrom(const ForwardArguments& arguments, const TensorMap& inputs) {
    CheckpointOptions options;
    options.averaged = arguments.averaged;
    if (arguments.preset.empty()) {
        if (arguments.weights.empty())
            throw Error(ErrorCode::Usage, "Neither a model nor a weights file was given.",
                        "Give --model PRESET, --weights FILE or both.");
        return openModel(arguments.weights, nullptr, options);
    }
    auto model = makeModel(specFrom(arguments, inputs));
    if (arguments.fill == "recorded")
        fillRecorded(model->parameters());
    else if (arguments.weights.empty())
        throw Error(ErrorCode::Usage, "No weights were given.", "Give --weights FILE, or --fill recorded.");
    else
        loadAll(*model, arguments.weights, arguments.averaged);
    return model;
}

int runForward(const ForwardArguments& arguments) {
    setComputeThreads(arguments.threads);
    const TensorMap inputs = readTensors(arguments.input);
    if (!inputs.contains("input"))
        throw Error(ErrorCode::BadFile, arguments.input + " holds no tensor named 'input'.",
                    "Store the pictures [B, channels, S, S] under that name.");
    const c10::NoGradGuard noGrad;
    const auto model = modelFrom(arguments, inputs);
    if (arguments.alpha) model->setSoftMask(*arguments.alpha);
    const TensorMap results = forwardPass(*model, inputs, arguments.guidance);
    writeTensors(arguments.output, results);
    std::size_t blocks = 0;
    std::string names;
    for (const auto& [name, tensor] : results) {
        if (name.starts_with("blocks."))
            ++blocks;
        else
            names += (names.empty() ? "" : ", ") + name;
    }
    std::printf("%s and %zu block outputs written to %s\n", names.c_str(), blocks, arguments.output.c_str());
    return 0;
}

}  // namespace

void addForward(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand(
        "forward", "Run stored tensors through a model of any family and store its answer and every block's output");
    auto arguments = std::make_shared<ForwardArguments>();
    command->add_option("--model", arguments->preset,
                        "Preset; `visionllama models` lists them. Without it the weights are recognised");
    command->add_option("--num-classes", arguments->numClasses, "Outputs of the head, default the preset's")
        ->check(CLI::PositiveNumber);
    command->add_option("--image-size", arguments->imageSize, "Side of the input, default the preset's")
        ->check(CLI::PositiveNumber);
    command->add_option("--alpha", arguments->alpha, "Soft-mask rate: 1 bidirectional, 0 causal")
        ->check(CLI::Range(0.0, 1.0));
    auto* weights = command->add_option("--weights", arguments->weights, "Checkpoint (.safetensors, .pth ...)");
    command->add_flag("--ema", arguments->averaged, "Take averaged weights where the file has some");
    command->add_option("--fill", arguments->fill, "Weights by the rule of the recorded cases instead of a file")
        ->check(CLI::IsMember({"recorded"}))
        ->excludes(weights);
    command->add_option("--cfg", arguments->guidance,
                        "Denoisers: guidance scale; the batch is [conditional half, unconditional half]");
    command
        ->add_option("--input", arguments->input,
                     "File with the tensor `input`, for denoisers also `t` and `y`, for masked autoencoders `noise` "
                     "(.safetensors)")
        ->required();
    command
        ->add_option("--output", arguments->output,
                     "File to write: `logits` or `output`, `blocks.N` and what the family adds (.safetensors)")
        ->required();
    command->add_option("--threads", arguments->threads, "Compute threads, default all cores");
    command->callback([&action, arguments] { action = [arguments] { return runForward(*arguments); }; });
}

}  // namespace vl::cli
