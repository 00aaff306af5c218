// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/data/scene_set.h"

namespace vl::cli {
namespace {

struct SceneArguments {
    SceneSettings settings;
    std::string folder, side = "128", count = "1..3", trainCount, size = "0.4..0.8";
};

/// "0.5" or "0.4..0.8"; `name` for the message.
std::pair<double, double> readRange(const std::string& text, const char* name, const char* example) {
    const std::size_t dots = text.find("..");
    const auto first = parseNumber(text.substr(0, dots));
    const auto last = dots == std::string::npos ? first : parseNumber(text.substr(dots + 2));
    if (first && last) return {*first, *last};
    throw Error(ErrorCode::Usage, "'" + printable(text) + "' is no " + name + ".",
                "Give a number or a range, such as " + std::string(example) + ".");
}

/// "128" or "128..512".
void readSides(const std::string& text, SceneSettings& settings) {
    const std::size_t dots = text.find("..");
    const auto first = parseInteger(text.substr(0, dots));
    const auto last = dots == std::string::npos ? first : parseInteger(text.substr(dots + 2));
    if (!first || !last || *first < 64 || *last < *first || *last > 2048)
        throw Error(ErrorCode::Usage, "'" + printable(text) + "' is no side of scenes.",
                    "Give 64 to 2,048 pixels, such as 128, or a range such as 128..512.");
    settings.smallest = static_cast<int>(*first);
    settings.largest = static_cast<int>(*last);
}

/// Garments a scene: "3" or "1..3".
std::pair<int, int> readCount(const std::string& text) {
    const auto [fewest, most] = readRange(text, "number of garments", "1..3");
    const auto held = [](double value) { return static_cast<int>(std::clamp(value, -1.0, 1000.0)); };
    return {held(fewest), held(most)};
}

int runMakeScenes(SceneArguments arguments) {
    catchInterrupts();
    readSides(arguments.side, arguments.settings);
    SceneMix& mix = arguments.settings.mix;
    std::tie(mix.fewest, mix.most) = readCount(arguments.count);
    if (!arguments.trainCount.empty()) arguments.settings.trainCount = readCount(arguments.trainCount);
    std::tie(mix.smallest, mix.largest) = readRange(arguments.size, "size of garments", "0.4..0.8");
    arguments.settings.folder = arguments.folder;
    ProgressLine line;
    const SceneSummary summary = makeScenes(arguments.settings, [&](const SceneProgress& p) {
        std::string text = thousands(p.done) + " of " + thousands(p.all) + " scenes, " +
                           formatFixed(p.scenesPerSecond, 0) + " a second";
        if (p.found > 0) text += ", " + thousands(p.found) + " made before";
        line.update(static_cast<double>(p.done) / static_cast<double>(p.all), text);
        return !interrupted();
    });
    line.clear();
    if (summary.cancelled)
        throw Error(ErrorCode::Cancelled, "Stopped before all scenes were made.",
                    "The same command goes on from here.");
    std::printf("%s scenes with %s garments in %s\n", thousands(summary.pictures).c_str(),
                thousands(summary.objects).c_str(), arguments.folder.c_str());
    return 0;
}

}  // namespace

void addMakeScenes(CLI::App& app, Action& action) {
    auto* command =
        app.add_subcommand("make-scenes", "Make pictures of several garments to train segmentation and detection on");
    auto arguments = std::make_shared<SceneArguments>();
    SceneSettings& settings = arguments->settings;
    command->add_option("folder", arguments->folder, "New or empty folder, or one to go on with")->required();
    command->add_option("--train", settings.train, "Training scenes")
        ->capture_default_str()
        ->check(CLI::Range(0, 999999));
    command->add_option("--val", settings.validation, "Validation scenes")
        ->capture_default_str()
        ->check(CLI::Range(0, 999999));
    command->add_option("--side", arguments->side, "Width and height in pixels, or a range such as 128..512")
        ->capture_default_str();
    command->add_option("--count", arguments->count, "Garments a scene")->capture_default_str();
    command->add_option("--train-count", arguments->trainCount,
                        "Garments a training scene, if not --count; more of them teach more a picture");
    command->add_option("--size", arguments->size, "Side of a garment over the scene's shorter side")
        ->capture_default_str();
    command->add_option("--turn", settings.mix.turn, "Largest turn of a garment, degrees")->capture_default_str();
    command->add_option("--visible", settings.mix.visible, "Share of a garment that must show")->capture_default_str();
    command->add_flag("--any-ground", settings.mix.anyGround, "Bright grounds and dark garments too: harder");
    command->add_flag("--class-folders", settings.classFolders,
                      "A folder of pictures a class, to train a classifier on; goes with --count 1");
    command->add_option("--seed", settings.seed, "Another number makes other scenes")->capture_default_str();
    command->add_option("--garments", settings.garments, "Folder of Fashion-MNIST's four files, if not the usual one");
    command->callback([&action, arguments] { action = [arguments] { return runMakeScenes(*arguments); }; });
}

}  // namespace vl::cli
