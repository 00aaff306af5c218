// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/checkpoint_table.h"
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "engine/checkpoint/chosen_weights.h"
#include "engine/checkpoint/tensor_reader.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/io/pth_writer.h"
#include "engine/nn/weights_file.h"

namespace vl::cli {
namespace {

struct ConvertArguments {
    std::string from, to, dtype, strip, names = "keep";
    bool ema = false, force = false;
};

/// The tensors to write, in the file's order, with their new names.
struct Output {
    std::vector<std::string> names;
    std::vector<const PthTensor*> tensors;
    std::size_t renamed = 0;
};

void checkTarget(const ConvertArguments& arguments) {
    const auto extension = std::filesystem::path(arguments.to).extension();
    if (extension != ".safetensors" && extension != ".pth" && extension != ".pt")
        throw Error(ErrorCode::Usage, "The kind of file to write cannot be told from " + arguments.to + ".",
                    "Give it the ending .safetensors, .pth or .pt.");
    std::error_code error;
    if (std::filesystem::equivalent(arguments.from, arguments.to, error))
        throw Error(ErrorCode::Usage, "A file cannot be converted into itself.", "Name another file to write.");
    if (!arguments.force && std::filesystem::exists(arguments.to))
        throw Error(ErrorCode::Usage, arguments.to + " is there already.", "Add --force to replace it.");
}

std::vector<NamedWeight> chosenTensors(const ConvertArguments& arguments, const ChosenWeights& choice) {
    if (arguments.names == "official") {
        if (!choice.recognised.recognition.known)
            throw Error(ErrorCode::Mismatch, "The model is not recognised, so its official names are not known.",
                        "Leave out --names, which keeps the names of the file.");
        return choice.recognised.weights->all();
    }
    std::vector<NamedWeight> kept;
    for (const NamedTensor& named : tensorsOf(choice.tree(), choice.file.tensors()))
        kept.push_back({std::string(named.name), named.tensor});
    return kept;
}

Output planOutput(const ConvertArguments& arguments, const ChosenWeights& choice) {
    Output output;
    for (NamedWeight& weight : chosenTensors(arguments, choice)) {
        if (!arguments.strip.empty() && weight.name.starts_with(arguments.strip) &&
            weight.name.size() > arguments.strip.size()) {
            weight.name.erase(0, arguments.strip.size());
            ++output.renamed;
        }
        output.names.push_back(weight.name);
        output.tensors.push_back(weight.tensor);
    }
    if (!arguments.strip.empty() && output.renamed == 0)
        throw Error(ErrorCode::Usage, "No tensor's name begins with " + printable(arguments.strip) + ".",
                    "`visionllama info FILE --tensors` lists the names.");
    return output;
}

at::Tensor converted(at::Tensor tensor, const std::string& dtype) {
    if (dtype.empty() || !at::isFloatingType(tensor.scalar_type())) return tensor;
    return tensor.to(dtype == "f32" ? at::kFloat : dtype == "f16" ? at::kHalf : at::kBFloat16);
}

/// What was taken and what was left, in one line.
std::string closingLine(const ConvertArguments& arguments, const ChosenWeights& choice, const Output& output) {
    std::error_code error;
    const auto& prefix = choice.tree().prefix;
    std::string text = thousands(static_cast<std::int64_t>(output.names.size())) + " tensors" +
                       (choice.tree().averaged ? " of averaged weights" : "") +
                       (prefix.empty() ? "" : " under " + printable(prefix)) + " written to " + arguments.to + " (" +
                       byteText(std::filesystem::file_size(arguments.to, error)) + ")";
    const auto left = choice.file.tensors().size() - output.names.size();
    if (left != 0) text += "; left out: " + thousands(static_cast<std::int64_t>(left)) + " other tensors";
    if (!choice.file.scalars().empty())
        text += (left ? " and " : "; left out: ") + std::string("values such as ") +
                printable(choice.file.scalars()[0].name);
    return text;
}

int runConvert(const ConvertArguments& arguments) {
    catchInterrupts();
    checkTarget(arguments);
    CheckpointOptions options;
    options.averaged = arguments.ema;
    const auto choice = chooseWeights(arguments.from, options);
    if (choice.trees.empty())
        throw Error(ErrorCode::BadFile, arguments.from + " holds no weights.", "Choose a checkpoint.");
    if (arguments.ema && !choice.tree().averaged)
        throw Error(ErrorCode::NotFound, arguments.from + " holds no averaged weights.", "Leave out --ema.");
    const auto output = planOutput(arguments, choice);

    ProgressLine progress;
    const ReadWatcher watch = [&](const ReadProgress& p) {
        progress.update(
            static_cast<double>(p.doneBytes) / static_cast<double>(std::max<std::uint64_t>(p.totalBytes, 1)),
            printable(p.what, 40));
        return !interrupted();
    };
    std::uint64_t total = 0;
    for (const PthTensor* tensor : output.tensors)
        total += tensor->bytes;
    ReadMeter meter(watch, total);
    std::vector<at::Tensor> kept;
    std::vector<TensorView> views;
    for (std::size_t i = 0; i < output.names.size(); ++i) {
        kept.push_back(converted(readTensor(choice.file, *output.tensors[i], meter), arguments.dtype));
        views.push_back(viewOf(output.names[i], kept.back()));
    }
    if (std::filesystem::path(arguments.to).extension() == ".safetensors") {
        auto metadata = choice.file.metadata();
        metadata.emplace("format", "pt");
        writeSafetensors(arguments.to, views, metadata);
    } else {
        writePth(arguments.to, views);
    }
    progress.clear();
    std::printf("%s\n", closingLine(arguments, choice, output).c_str());
    return 0;
}

}  // namespace

void addConvert(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("convert", "Convert weights between .safetensors and .pth");
    auto arguments = std::make_shared<ConvertArguments>();
    command->add_option("from", arguments->from, "Checkpoint (.safetensors, .safetensors.index.json, .pth, .pt, .bin)")
        ->required();
    command->add_option("to", arguments->to, "File to write (.safetensors, .pth, .pt)")->required();
    command->add_option("--dtype", arguments->dtype, "Type of floating-point tensors, default as they are")
        ->check(CLI::IsMember({"f32", "f16", "bf16"}));
    command->add_flag("--ema", arguments->ema, "Take the averaged weights");
    command->add_option("--strip", arguments->strip, "Prefix to remove from names");
    command->add_option("--names", arguments->names, "keep, or official: those of the recognised model")
        ->capture_default_str()
        ->check(CLI::IsMember({"keep", "official"}));
    command->add_flag("--force", arguments->force, "Replace an existing file");
    command->callback([&action, arguments] { action = [arguments] { return runConvert(*arguments); }; });
}

}  // namespace vl::cli
