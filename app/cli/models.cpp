// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/model_document.h"
#include "engine/api/families.h"
#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl::cli {
namespace {

using nlohmann::ordered_json;

struct ModelsArguments {
    std::string task, layers;
    bool json = false, markdown = false;
};

std::vector<std::string> taskNames() {
    std::vector<std::string> names;
    for (const ModelTask task : {ModelTask::Classify, ModelTask::Pretrain, ModelTask::Generate, ModelTask::Segment,
                                 ModelTask::Detect, ModelTask::Autoencode})
        names.emplace_back(toString(task));
    return names;
}

std::string millions(std::int64_t count) { return formatFixed(static_cast<double>(count) / 1e6, 2) + " M"; }
std::string giga(std::int64_t count) { return formatFixed(static_cast<double>(count) / 1e9, 3) + " G"; }

ordered_json toJson(const ModelSpec& m) {
    return {{"name", m.name},
            {"family", m.family},
            {"task", toString(m.task())},
            {"dim", m.dim},
            {"depth", m.depth},
            {"heads", m.heads},
            {"ffn_hidden", m.ffnHidden},
            {"patch_size", m.patchSize},
            {"image_size", m.imageSize},
            {"channels", m.inChannels},
            {"classes", m.numClasses},
            {"tokens", m.tokens()},
            {"alpha", m.alpha},
            {"parameters", m.parameterCount()},
            {"macs", m.macs()},
            {"citation", m.citation},
            {"note", m.note}};
}

void print(const ordered_json& value) {
    std::printf("%s\n", value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

int printModels(const std::vector<ModelSpec>& models, bool json) {
    if (json) {
        ordered_json list = ordered_json::array();
        for (const ModelSpec& m : models)
            list.push_back(toJson(m));
        print(list);
        return 0;
    }
    std::vector<std::vector<std::string>> rows = {{"name", "task", "params", "MACs", "input", "note"}};
    for (const ModelSpec& m : models) {
        const std::string side = std::to_string(m.imageSize);
        rows.push_back({m.name, toString(m.task()), millions(m.parameterCount()), giga(m.macs()),
                        side + "x" + side + "x" + std::to_string(m.inChannels), m.note});
    }
    std::fputs(table(rows).c_str(), stdout);
    return 0;
}

int printLayers(const ModelSpec& spec, bool json) {
    const std::vector<LayerCost> costs = layerCosts(spec);
    if (json) {
        ordered_json model = toJson(spec);
        model["layers"] = ordered_json::array();
        for (const LayerCost& row : costs)
            model["layers"].push_back({{"name", row.name}, {"parameters", row.parameters}, {"macs", row.macs}});
        print(model);
        return 0;
    }
    const auto total = static_cast<double>(spec.parameterCount());
    std::vector<std::vector<std::string>> rows = {{"layer", "parameters", "share", "MACs"}};
    for (const LayerCost& row : costs)
        rows.push_back({row.name, thousands(row.parameters),
                        formatFixed(100 * static_cast<double>(row.parameters) / total, 1) + " %", thousands(row.macs)});
    rows.push_back({"total", thousands(spec.parameterCount()), "100.0 %", thousands(spec.macs())});
    std::fputs(table(rows).c_str(), stdout);
    return 0;
}

int runModels(const ModelsArguments& arguments) {
    if (arguments.markdown) {
        std::fputs(modelDocument().c_str(), stdout);
        return 0;
    }
    if (!arguments.layers.empty()) return printLayers(findPreset(arguments.layers), arguments.json);
    std::vector<ModelSpec> models;
    for (const ModelSpec& spec : modelPresets())
        if (arguments.task.empty() || toString(spec.task()) == arguments.task) models.push_back(spec);
    return printModels(models, arguments.json);
}

}  // namespace

void addModels(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("models", "List the model presets, or the layers of one");
    auto arguments = std::make_shared<ModelsArguments>();
    auto* task =
        command->add_option("--task", arguments->task, "Only presets for this task")->check(CLI::IsMember(taskNames()));
    auto* layers = command->add_option("--layers", arguments->layers, "What each layer of this preset holds and costs")
                       ->excludes(task);
    auto* json = command->add_flag("--json", arguments->json, "Print JSON");
    command
        ->add_flag("--markdown", arguments->markdown,
                   "Print docs/models.md: all presets, and published figures beside ours")
        ->excludes(task)
        ->excludes(layers)
        ->excludes(json);
    command->callback([&action, arguments] { action = [arguments] { return runModels(*arguments); }; });
}

}  // namespace vl::cli
