// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "app/cli/attention_map.h"
#include "app/cli/command.h"
#include "app/cli/model_file.h"
#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/train/inspect_model.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

struct InspectArguments {
    std::string image, model, out, query = "cls", head = "mean";
    int layer = -1, side = 448;
    std::optional<double> alpha;
    bool softmax = false, json = false;
};

int checkedIndex(const char* what, int value, int count) {
    if (value >= 0 && value < count) return value;
    throw Error(ErrorCode::Usage, std::string("There is no ") + what + " " + std::to_string(value) + ".",
                "This model has " + std::to_string(count) + ": 0 to " + std::to_string(count - 1) + ".");
}

/// "cls", "ROW,COLUMN" of the patch grid, or a token index.
int parseQuery(const std::string& text, const AttentionGeometry& geometry) {
    if (text == "cls") return geometry.classTokenIndex;
    const std::size_t comma = text.find(',');
    const auto first = parseInteger(text.substr(0, comma));
    if (comma != std::string::npos) {
        const auto column = parseInteger(text.substr(comma + 1));
        if (first && column)
            return geometry.firstPatchToken +
                   checkedIndex("patch row", static_cast<int>(*first), geometry.queryRows) * geometry.queryCols +
                   checkedIndex("patch column", static_cast<int>(*column), geometry.queryCols);
    } else if (first) {
        return checkedIndex("token", static_cast<int>(*first), geometry.tokens);
    }
    throw Error(ErrorCode::Usage, "--query does not understand '" + text + "'.",
                "Use cls, ROW,COLUMN of the patch grid, or a token number.");
}

int parseHead(const std::string& text, int heads) {
    if (text == "mean") return -1;
    const auto number = parseInteger(text);
    if (!number)
        throw Error(ErrorCode::Usage, "--head does not understand '" + text + "'.", "Use a number from 0, or mean.");
    return checkedIndex("head", static_cast<int>(*number), heads);
}

nlohmann::ordered_json statistics(const Inspection& inspection, int query, bool masked) {
    nlohmann::ordered_json layers = nlohmann::ordered_json::array();
    for (std::size_t layer = 0; layer < inspection.layers.size(); ++layer) {
        nlohmann::ordered_json heads = nlohmann::ordered_json::array();
        for (int head = 0; head < inspection.layers[layer].heads; ++head) {
            const AttentionRow row = attentionRow(inspection, static_cast<int>(layer), head, query, masked);
            heads.push_back({{"head", head},
                             {"kept_mass", row.keptMass},
                             {"entropy_bits", row.entropy},
                             {"distance_patches", row.distance}});
        }
        layers.push_back({{"layer", layer}, {"heads", heads}});
    }
    return layers;
}

int runInspect(const InspectArguments& arguments) {
    setComputeThreads(0);
    const Image picture = readImage(arguments.image);
    const auto loaded = loadModelFile(arguments.model);
    const auto inspection = inspectImage(
        *loaded->model, picture, recipeOf(loaded->info), arguments.alpha);
    const auto layers = static_cast<int>(inspection->layers.size());
    const int layer = arguments.layer < 0 ? layers - 1 : checkedIndex("layer", arguments.layer, layers);
    const int head = parseHead(arguments.head, inspection->layers[static_cast<std::size_t>(layer)].heads);
    const int query = parseQuery(arguments.query, inspection->geometry);
    const AttentionRow row = attentionRow(*inspection, layer, head, query, !arguments.softmax);
    if (!arguments.out.empty()) writePng(arguments.out, drawAttention(*inspection, row, arguments.side));
    const Prediction& best = inspection->predictions.front();
    if (arguments.json) {
        const nlohmann::ordered_json answer = {{"image", arguments.image},
                                               {"model", inspection->modelName},
                                               {"alpha", inspection->alpha},
                                               {"tokens", inspection->geometry.tokens},
                                               {"query", query},
                                               {"prediction", best.className},
                                               {"probability", best.probability},
                                               {"map", arguments.softmax ? "softmax" : "masked"},
                                               {"layer", layer},
                                               {"head", head},
                                               {"weights", row.weights},
                                               {"layers", statistics(*inspection, query, !arguments.softmax)}};
        std::printf("%s\n", answer.dump(2).c_str());
        return 0;
    }
    std::printf("%s: %s (%.1f %%)\n", arguments.image.c_str(), best.className.c_str(), 100 * best.probability);
    std::printf("layer %d, head %s, query %s: kept mass %.3f, entropy %.2f bits%s\n", layer, arguments.head.c_str(),
                arguments.query.c_str(), row.keptMass, row.entropy,
                arguments.out.empty() ? "" : (", map written to " + arguments.out).c_str());
    return 0;
}

}  // namespace

void addInspect(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("inspect", "Draw what a token attends to");
    auto arguments = std::make_shared<InspectArguments>();
    command->add_option("image", arguments->image, "Picture file")->required();
    command->add_option("--model", arguments->model, "Checkpoint (.safetensors, .pth) or run folder, default the demo model");
    command->add_option("--layer", arguments->layer, "Layer from 0, default the last");
    command->add_option("--head", arguments->head, "Head from 0, or mean")->capture_default_str();
    command->add_option("--query", arguments->query, "Who looks: cls, ROW,COLUMN of the patch grid, or a token number")
        ->capture_default_str();
    command->add_option("--alpha", arguments->alpha, "Soft-mask rate, default the checkpoint's")
        ->check(CLI::Range(0.0, 1.0));
    command->add_flag("--softmax", arguments->softmax,
                      "Show the softmax before the mask instead of softmax times mask");
    command->add_option("--out", arguments->out, "PNG to write");
    command->add_option("--size", arguments->side, "Side of the PNG in pixels")
        ->capture_default_str()
        ->check(CLI::Range(16, 8192));
    command->add_flag("--json", arguments->json, "Print JSON with the row and statistics of every head");
    command->callback([&action, arguments] { action = [arguments] { return runInspect(*arguments); }; });
}

}  // namespace vl::cli
