// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <c10/core/GradMode.h>

#include "app/cli/command.h"
#include "engine/api/model_spec.h"
#include "engine/core/error.h"
#include "engine/nn/model.h"
#include "engine/nn/weights_file.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

struct ForwardArguments {
    std::string preset, weights, input, output;
    int numClasses = 0, imageSize = 0, threads = 0;
    std::optional<double> alpha;
};

class BlockRecorder final : public Probe {
public:
    explicit BlockRecorder(TensorMap& out) : out_(out) {}
    void blockOutput(int layer, const at::Tensor& tokens) override {
        out_["blocks." + std::to_string(layer)] = tokens.detach().to(at::kFloat).contiguous();
    }

private:
    TensorMap& out_;
};

int runForward(const ForwardArguments& arguments) {
    setComputeThreads(arguments.threads);
    ModelSpec spec = findPreset(arguments.preset);
    if (arguments.numClasses > 0) spec.numClasses = arguments.numClasses;
    if (arguments.imageSize > 0) spec.imageSize = arguments.imageSize;
    const TensorMap tensors = readTensors(arguments.input);
    const auto input = tensors.find("input");
    if (input == tensors.end())
        throw Error(ErrorCode::BadFile, arguments.input + " holds no tensor named 'input'.",
                    "Store the pictures [B, channels, S, S] under that name.");
    if (input->second.dim() == 4) spec.inChannels = static_cast<int>(input->second.size(1));
    validate(spec);
    const auto model = makeModel(spec);
    loadWeights(*model, arguments.weights);
    if (arguments.alpha) model->setSoftMask(*arguments.alpha);

    const c10::NoGradGuard noGrad;
    TensorMap results;
    BlockRecorder recorder(results);
    ForwardOptions options;
    options.probe = &recorder;
    results["logits"] = model->forward(input->second.to(at::kFloat).contiguous(), options).contiguous();
    writeTensors(arguments.output, results);
    std::printf("logits and %zu block outputs written to %s\n", results.size() - 1, arguments.output.c_str());
    return 0;
}

}  // namespace

void addForward(CLI::App& app, Action& action) {
    auto* command =
        app.add_subcommand("forward", "Run stored tensors through a model and store logits and every block's output");
    auto arguments = std::make_shared<ForwardArguments>();
    command->add_option("--model", arguments->preset, "Preset; `visionllama models` lists them")->required();
    command->add_option("--num-classes", arguments->numClasses, "Outputs of the head, default the preset's")
        ->check(CLI::PositiveNumber);
    command->add_option("--image-size", arguments->imageSize, "Side of the input, default the preset's")
        ->check(CLI::PositiveNumber);
    command->add_option("--alpha", arguments->alpha, "Soft-mask rate: 1 bidirectional, 0 causal")
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--weights", arguments->weights, "Weights (.safetensors)")->required();
    command->add_option("--input", arguments->input, "File with the tensor `input` (.safetensors)")->required();
    command->add_option("--output", arguments->output, "File to write: `logits` and `blocks.N` (.safetensors)")
        ->required();
    command->add_option("--threads", arguments->threads, "Compute threads, default all cores");
    command->callback([&action, arguments] { action = [arguments] { return runForward(*arguments); }; });
}

}  // namespace vl::cli
