// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <c10/core/GradMode.h>

#include "app/cli/checkpoint_table.h"
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "engine/core/error.h"
#include "engine/core/sha256.h"
#include "engine/core/text.h"
#include "engine/generate/encode_latents.h"
#include "engine/generate/open_autoencoder.h"
#include "engine/io/mapped_file.h"
#include "engine/nn/autoencoder.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

struct EncodeArguments {
    std::string folder, autoencoder, out, dtype = "f16", split = "train";
    int size = 256, batch = 8, partMegabytes = 64;
};

ReadWatcher stopWhenInterrupted() {
    return [](const ReadProgress&) { return !interrupted(); };
}

/// What a run says while it goes on.
class EncodeReport {
public:
    bool operator()(const EncodeProgress& p) {
        if (!announced_ && p.resumed > 0)
            line_.line(thousands(p.resumed) + " of " + thousands(p.total) + " pictures were encoded before.");
        announced_ = true;
        for (const std::string& problem : p.problems) line_.line(problem);
        std::string text = thousands(p.done) + " of " + thousands(p.total) + " pictures";
        if (p.picturesPerSecond > 0) text += ", " + formatFixed(p.picturesPerSecond, 1) + " a second";
        if (p.secondsLeft > 0) text += ", " + duration(p.secondsLeft) + " left";
        line_.update(static_cast<double>(p.done) / static_cast<double>(std::max<std::int64_t>(1, p.total)), text);
        return !interrupted();
    }
    void clear() { line_.clear(); }

private:
    ProgressLine line_;
    bool announced_ = false;
};

EncodeSettings settingsOf(const EncodeArguments& arguments) {
    EncodeSettings settings;
    settings.folder = arguments.folder;
    settings.split = arguments.split == "val" ? FolderSplit::Evaluation : FolderSplit::Train;
    settings.cache = arguments.out;
    settings.size = arguments.size;
    settings.batch = arguments.batch;
    settings.half = arguments.dtype == "f16";
    settings.shardBytes = static_cast<std::uint64_t>(arguments.partMegabytes) << 20;
    settings.autoencoderName = std::filesystem::path(arguments.autoencoder).filename().string();
    settings.autoencoderHash = sha256Of(MappedFile(arguments.autoencoder).bytes());
    return settings;
}

int runEncode(const EncodeArguments& arguments) {
    catchInterrupts();
    setComputeThreads(0);
    const c10::NoGradGuard noGrad;
    const auto autoencoder = openAutoencoder(
        arguments.autoencoder, "Give --autoencoder one, such as Stable Diffusion's.", stopWhenInterrupted());
    const EncodeSettings settings = settingsOf(arguments);
    EncodeReport report;
    const EncodeSummary summary =
        encodeLatents(*autoencoder, settings, [&](const EncodeProgress& p) { return report(p); });
    report.clear();
    const std::string leftOut = summary.leftOut ? "; " + thousands(summary.leftOut) + " left out" : "";
    std::printf("%s pictures encoded into %s: %s part%s, %s%s\n", thousands(summary.encoded).c_str(),
                arguments.out.c_str(), thousands(summary.shards).c_str(), summary.shards == 1 ? "" : "s",
                byteText(summary.bytes).c_str(), leftOut.c_str());
    return 0;
}

}  // namespace

void addEncodeLatents(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("encode-latents", "Encode pictures once, to train latent models on them");
    auto arguments = std::make_shared<EncodeArguments>();
    command->add_option("folder", arguments->folder, "Folder with one subfolder of pictures per class")->required();
    command->add_option("--autoencoder", arguments->autoencoder, "Checkpoint of the autoencoder")->required();
    command->add_option("--out", arguments->out, "Cache folder to write or to go on with")->required();
    command->add_option("--size", arguments->size, "Side of the pictures in pixels")
        ->capture_default_str()
        ->check(CLI::Range(1, 8192));
    command->add_option("--split", arguments->split, "train, or val: the folder's pictures for evaluation")
        ->capture_default_str()
        ->check(CLI::IsMember({"train", "val"}));
    command->add_option("--dtype", arguments->dtype, "Type of the stored numbers")
        ->capture_default_str()
        ->check(CLI::IsMember({"f16", "f32"}));
    command->add_option("--batch", arguments->batch, "Pictures encoded at once")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
    command->add_option("--part-size", arguments->partMegabytes, "Size of one file of the cache in MiB, about")
        ->capture_default_str()
        ->check(CLI::Range(1, 4096));
    command->callback([&action, arguments] { action = [arguments] { return runEncode(*arguments); }; });
}

}  // namespace vl::cli
