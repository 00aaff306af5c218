// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/model_file.h"
#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/train/inspect_model.h"
#include "engine/train/runtime.h"

#include <c10/core/GradMode.h>

namespace vl::cli {
namespace {

struct PredictArguments {
    std::vector<std::string> images;
    std::string model;
    int top = 5;
    bool json = false;
    std::optional<double> alpha;
};

std::vector<Prediction> predict(LoadedModel& loaded, const std::string& file) {
    const ModelSpec& spec = loaded.model->spec();
    const Image input = fitImage(readImage(file), spec.imageSize, spec.inChannels);
    const InputRecipe recipe = recipeOf(loaded.info);
    const at::Tensor logits = loaded.model->forward(imagesToTensor(std::span(&input, 1), recipe));
    return toPredictions(logits[0], recipe.classNames);
}

void printTable(const std::string& file, const std::vector<Prediction>& predictions) {
    std::size_t width = 0;
    for (const Prediction& p : predictions)
        width = std::max(width, p.className.size());
    std::printf("%s\n", file.c_str());
    for (const Prediction& p : predictions) {
        const auto full = static_cast<int>(p.probability * 30 + 0.5);
        std::string bar;
        for (int i = 0; i < full; ++i)
            bar += "█";
        std::printf("  %6.2f %%  %-*s  %s\n", 100 * p.probability, static_cast<int>(width), p.className.c_str(),
                    bar.c_str());
    }
}

nlohmann::ordered_json toJson(const std::string& file, const std::vector<Prediction>& predictions) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Prediction& p : predictions)
        list.push_back({{"class", p.className}, {"index", p.classIndex}, {"probability", p.probability}});
    return {{"image", file}, {"predictions", list}};
}

/// A picture that cannot be read is reported and the others are still answered; the exit code says that one failed.
int runPredict(const PredictArguments& arguments) {
    setComputeThreads(0);
    const c10::NoGradGuard noGrad;
    const auto loaded = loadModelFile(arguments.model);
    if (arguments.alpha) loaded->model->setSoftMask(*arguments.alpha);
    nlohmann::ordered_json answers = nlohmann::ordered_json::array();
    int failures = 0;
    for (const std::string& file : arguments.images) {
        try {
            std::vector<Prediction> predictions = predict(*loaded, file);
            predictions.resize(std::min(predictions.size(), static_cast<std::size_t>(arguments.top)));
            if (arguments.json)
                answers.push_back(toJson(file, predictions));
            else
                printTable(file, predictions);
        } catch (const Error& error) {
            printError(error.message(), error.hint());
            ++failures;
        }
    }
    if (arguments.json) std::printf("%s\n", answers.dump(2).c_str());
    return failures ? 1 : 0;
}

}  // namespace

void addPredict(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("predict", "Say what pictures show");
    auto arguments = std::make_shared<PredictArguments>();
    command->add_option("image", arguments->images, "Picture files")->required();
    command->add_option("--model", arguments->model, "Checkpoint (.safetensors, .pth) or run folder, default the demo model");
    command->add_option("--top", arguments->top, "Classes shown per picture")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_option("--alpha", arguments->alpha, "Soft-mask rate, default the checkpoint's")
        ->check(CLI::Range(0.0, 1.0));
    command->add_flag("--json", arguments->json, "Print JSON");
    command->callback([&action, arguments] { action = [arguments] { return runPredict(*arguments); }; });
}

}  // namespace vl::cli
