// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "engine/api/model_spec.h"
#include "engine/core/text.h"

namespace vl::cli {
namespace {

std::string millions(std::int64_t count) { return formatFixed(static_cast<double>(count) / 1e6, 2) + " M"; }

int printModels(bool json) {
    if (json) {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const ModelSpec& m : modelPresets())
            list.push_back({{"name", m.name},
                            {"family", m.family},
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
                            {"note", m.note}});
        std::printf("%s\n", list.dump(2).c_str());
        return 0;
    }
    std::vector<std::vector<std::string>> rows = {
        {"name", "params", "GMACs", "dim", "layers", "heads", "hidden", "patch", "input", "tokens", "classes", "note"}};
    for (const ModelSpec& m : modelPresets())
        rows.push_back(
            {m.name, millions(m.parameterCount()), formatFixed(static_cast<double>(m.macs()) / 1e9, 3),
             std::to_string(m.dim), std::to_string(m.depth), std::to_string(m.heads), std::to_string(m.ffnHidden),
             std::to_string(m.patchSize),
             std::to_string(m.imageSize) + "x" + std::to_string(m.imageSize) + "x" + std::to_string(m.inChannels),
             std::to_string(m.tokens()), std::to_string(m.numClasses), m.note});
    std::fputs(table(rows).c_str(), stdout);
    return 0;
}

}  // namespace

void addModels(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("models", "List the model presets");
    auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "Print JSON");
    command->callback([&action, json] { action = [json] { return printModels(*json); }; });
}

}  // namespace vl::cli
