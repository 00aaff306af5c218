// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "engine/checkpoint/weight_selection.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/nn/weights_file.h"

namespace vl::cli {
namespace {

struct SelectArguments {
    std::string llama, model, out;
    std::uint64_t seed = 0;
    bool force = false;
};

int runSelect(const SelectArguments& arguments) {
    catchInterrupts();
    if (!arguments.force && std::filesystem::exists(arguments.out))
        throw Error(ErrorCode::Usage, arguments.out + " is there already.", "Add --force to replace it.");
    const ModelSpec& spec = findPreset(arguments.model);
    ProgressLine progress;
    const auto selected = selectWeights(arguments.llama, spec, [&](const ReadProgress& p) {
        progress.update(
            static_cast<double>(p.doneBytes) / static_cast<double>(std::max<std::uint64_t>(p.totalBytes, 1)),
            printable(p.what, 40));
        return !interrupted();
    });
    // The rest as a new model has it, so that the file is complete.
    const auto model = makeModel(spec);
    model->initialise(arguments.seed);
    TensorMap tensors = stateDict(*model);
    for (const auto& [name, tensor] : selected)
        tensors[name] = tensor;
    writeTensors(arguments.out, tensors, {{"format", "pt"}});
    progress.clear();
    std::printf("%zu of %zu tensors selected from %s, the others initialised with seed %llu; written to %s\n",
                selected.size(), tensors.size(), arguments.llama.c_str(),
                static_cast<unsigned long long>(arguments.seed), arguments.out.c_str());
    return 0;
}

}  // namespace

void addSelectWeights(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("select-weights", "Start an iLLaMA model from a LLaMA checkpoint's weights");
    auto arguments = std::make_shared<SelectArguments>();
    command
        ->add_option("llama", arguments->llama, "LLaMA checkpoint (.safetensors, .safetensors.index.json, .bin, .pth)")
        ->required();
    command->add_option("--model", arguments->model, "iLLaMA preset")->required();
    command->add_option("--out", arguments->out, "File to write (.safetensors)")->required();
    command->add_option("--seed", arguments->seed, "Of the tensors that are not selected")->capture_default_str();
    command->add_flag("--force", arguments->force, "Replace an existing file");
    command->callback([&action, arguments] { action = [arguments] { return runSelect(*arguments); }; });
}

}  // namespace vl::cli
