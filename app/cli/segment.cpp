// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <c10/core/GradMode.h>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/dense_arguments.h"
#include "app/cli/dense_loop.h"
#include "app/cli/interrupt.h"
#include "app/cli/model_file.h"
#include "app/cli/sample_arguments.h"
#include "engine/core/clock.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/data/index_mask.h"
#include "engine/dense/predictor.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

struct SegmentArguments {
    std::vector<std::string> inputs;
    std::string model, out;
    SegmentHow how;
    double opacity = 0.5;
    int every = 1;
    bool maskPng = false, json = false, force = false;
};

/// How much of a picture one class has.
struct ClassShare {
    int index = 0;
    std::int64_t pixels = 0;
    double share = 0, confidence = 0;  ///< 0..1, the mean over its pixels
};

std::vector<ClassShare> sharesOf(const PixelClasses& classes) {
    std::array<std::int64_t, 256> pixels{}, confidence{};
    for (std::size_t i = 0; i < classes.labels.size(); ++i) {
        ++pixels[classes.labels[i]];
        if (i < classes.confidence.size()) confidence[classes.labels[i]] += classes.confidence[i];
    }
    std::vector<ClassShare> shares;
    for (int c = 0; c < 256; ++c)
        if (const auto count = static_cast<double>(pixels[static_cast<std::size_t>(c)]); count > 0)
            shares.push_back({c, pixels[static_cast<std::size_t>(c)], count / static_cast<double>(classes.labels.size()),
                              static_cast<double>(confidence[static_cast<std::size_t>(c)]) / count / 255});
    std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.pixels > b.pixels; });
    return shares;
}

void printShares(const DenseInput& input, const std::vector<ClassShare>& shares, const ClassList& list) {
    std::size_t width = 0;
    for (const ClassShare& share : shares)
        width = std::max(width, className(list, share.index).size());
    std::printf("%s  %d x %d\n", input.name.c_str(), input.picture.width, input.picture.height);
    for (const ClassShare& share : shares)
        std::printf("  %6.2f %%  %-*s  confidence %.0f %%\n", 100 * share.share, static_cast<int>(width),
                    className(list, share.index).c_str(), 100 * share.confidence);
}

nlohmann::ordered_json toJson(const DenseInput& input, const std::vector<ClassShare>& shares, const ClassList& list,
                              double seconds) {
    nlohmann::ordered_json classes = nlohmann::ordered_json::array();
    for (const ClassShare& share : shares)
        classes.push_back({{"class", className(list, share.index)},
                           {"index", share.index},
                           {"pixels", share.pixels},
                           {"share", share.share},
                           {"confidence", share.confidence}});
    return {{"image", input.name}, {"width", input.picture.width}, {"height", input.picture.height},
            {"classes", classes}, {"seconds", seconds}};
}

class SegmentRun {
public:
    explicit SegmentRun(const SegmentArguments& arguments)
        : arguments_(arguments),
          testing_(testingOf(arguments.how)),
          inputs_(arguments.inputs, arguments.every),
          outputs_(arguments.out, inputs_, arguments.force) {
        if (arguments.maskPng && !outputs_.wanted())
            throw Error(ErrorCode::Usage, "--mask-png goes with --out.", "Masks get the overlay's name with -mask.png.");
        if (arguments.maskPng && inputs_.single())
            requireNew(maskFile(std::filesystem::path(arguments.out).replace_extension()).string(), arguments.force);
        model_ = openDenseModel(arguments.model.empty() ? std::filesystem::path() : findModelFile(arguments.model),
                                ModelTask::Segment);
    }

    int run() {
        const LoopResult result = forEachPicture(inputs_, progress_, [this](const DenseInput& input) { look(input); });
        return finishLoop(result, outputs_, arguments_.json ? answers_ : nlohmann::ordered_json());
    }

private:
    static std::filesystem::path maskFile(const std::filesystem::path& stem) { return stem.string() + "-mask.png"; }

    /// Indices of the classes with their colours as palette, as data sets keep masks.
    void writeMask(const std::filesystem::path& file, const PixelClasses& classes) const {
        std::vector<Colour> palette = model_.classes.colours;
        palette.resize(256);
        writeFileAtomically(file, indexMaskPng(classes.width, classes.height, classes.labels, palette));
    }

    void look(const DenseInput& input) {
        const double begin = clock_.seconds();
        const PixelClasses classes = segmentPicture(*model_.model, input.picture, testing_,
                                                    [](int, int, const PixelClasses*) { return !interrupted(); });
        if (outputs_.wanted()) {
            const std::filesystem::path stem = outputs_.stemFor(input);
            if (arguments_.maskPng) writeMask(maskFile(stem), classes);
            outputs_.add(stem, overlayOf(input.picture, classes, model_.classes, arguments_.opacity),
                         inputs_.framesPerSecond());
        }
        const auto shares = sharesOf(classes);
        if (arguments_.json) {
            answers_.push_back(toJson(input, shares, model_.classes, clock_.seconds() - begin));
        } else {
            progress_.clear();
            printShares(input, shares, model_.classes);
        }
    }

    const SegmentArguments& arguments_;
    SegmentTesting testing_;
    DenseInputs inputs_;
    DenseOutputs outputs_;
    DenseModel model_;
    nlohmann::ordered_json answers_ = nlohmann::ordered_json::array();
    ProgressLine progress_;
    SystemClock clock_;
};

int runSegment(const SegmentArguments& arguments) {
    setComputeThreads(0);
    catchInterrupts();
    const c10::NoGradGuard noGrad;
    return SegmentRun(arguments).run();
}

}  // namespace

void addSegment(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("segment", "Say what every pixel of pictures or a video shows");
    auto arguments = std::make_shared<SegmentArguments>();
    command->add_option("input", arguments->inputs, "Picture files, folders of them or videos")->required();
    command->add_option("--model", arguments->model, "Checkpoint or run folder of a segmenter, default the demo model");
    command->add_option("--out", arguments->out, "Overlay: .png of one picture, .mp4 or .avi of one video, else a folder");
    command->add_flag("--mask-png", arguments->maskPng, "Also class numbers as palette PNG, beside the overlay");
    addSegmentHow(*command, arguments->how);
    command->add_option("--opacity", arguments->opacity, "Of the colours")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--every", arguments->every, "Videos: every n-th frame")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_flag("--json", arguments->json, "Print JSON");
    command->add_flag("--force", arguments->force, "Replace what is there");
    command->callback([&action, arguments] { action = [arguments] { return runSegment(*arguments); }; });
}

}  // namespace vl::cli
