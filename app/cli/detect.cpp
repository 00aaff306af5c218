// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <c10/core/GradMode.h>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/dense_loop.h"
#include "app/cli/detect_documents.h"
#include "app/cli/interrupt.h"
#include "app/cli/model_file.h"
#include "app/cli/sample_arguments.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/dense/predictor.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

struct DetectArguments {
    std::vector<std::string> inputs;
    std::string model, out, coco;
    double threshold = 0.3, opacity = 0.5, overlap = 0.5;
    int most = 100, every = 1;
    bool masks = false, json = false, force = false;
};

void printObjects(const DenseInput& input, const std::vector<FoundObject>& objects, const ClassList& list) {
    std::size_t width = 0;
    for (const FoundObject& object : objects)
        width = std::max(width, className(list, object.label).size());
    std::printf("%s  %d x %d  %zu objects\n", input.name.c_str(), input.picture.width, input.picture.height,
                objects.size());
    for (const FoundObject& o : objects)
        std::printf("  %6.2f %%  %-*s  %.0f, %.0f to %.0f, %.0f\n", 100 * static_cast<double>(o.score),
                    static_cast<int>(width), className(list, o.label).c_str(), static_cast<double>(o.box[0]),
                    static_cast<double>(o.box[1]), static_cast<double>(o.box[2]), static_cast<double>(o.box[3]));
}

class DetectRun {
public:
    explicit DetectRun(const DetectArguments& arguments)
        : arguments_(arguments),
          inputs_(arguments.inputs, arguments.every),
          outputs_(arguments.out, inputs_, arguments.force) {
        requireNew(arguments.coco, arguments.force);
        testing_.threshold = arguments.threshold;
        testing_.overlap = arguments.overlap;
        testing_.most = arguments.most;
        model_ = openDenseModel(arguments.model.empty() ? std::filesystem::path() : findModelFile(arguments.model),
                                ModelTask::Detect);
    }

    int run() {
        const LoopResult result = forEachPicture(inputs_, progress_, [this](const DenseInput& input) { look(input); });
        if (!arguments_.coco.empty() && result.done > 0) {
            writeFileAtomically(arguments_.coco, results_.dump() + "\n");
            if (!arguments_.json) std::printf("%s results written to %s\n", thousands(static_cast<std::int64_t>(results_.size())).c_str(), arguments_.coco.c_str());
        }
        return finishLoop(result, outputs_, arguments_.json ? answers_ : nlohmann::ordered_json());
    }

private:
    void look(const DenseInput& input) {
        const std::vector<FoundObject> objects =
            detectPicture(*model_.model, input.picture, testing_, [](int, int, const PixelClasses*) { return !interrupted(); })
                .objects;
        if (outputs_.wanted())
            outputs_.add(outputs_.stemFor(input),
                         overlayOf(input.picture, objects, model_.classes, arguments_.threshold, arguments_.opacity),
                         inputs_.framesPerSecond());
        if (!arguments_.coco.empty()) {
            const std::int64_t id = cocoImageId(input.label, ++order_);
            appendCocoResults(results_, id, objects, model_.classes);
        }
        if (arguments_.json) {
            answers_.push_back(objectsJson(input, objects, model_.classes, arguments_.masks));
        } else {
            progress_.clear();
            printObjects(input, objects, model_.classes);
        }
    }

    const DetectArguments& arguments_;
    DetectTesting testing_;
    DenseInputs inputs_;
    DenseOutputs outputs_;
    DenseModel model_;
    nlohmann::ordered_json answers_ = nlohmann::ordered_json::array(), results_ = nlohmann::ordered_json::array();
    ProgressLine progress_;
    std::int64_t order_ = 0;
};

int runDetect(const DetectArguments& arguments) {
    setComputeThreads(0);
    catchInterrupts();
    const c10::NoGradGuard noGrad;
    return DetectRun(arguments).run();
}

}  // namespace

void addDetect(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("detect", "Find objects in pictures or a video");
    auto arguments = std::make_shared<DetectArguments>();
    command->add_option("input", arguments->inputs, "Picture files, folders of them or videos")->required();
    command->add_option("--model", arguments->model, "Checkpoint or run folder of a detector, default the demo model");
    command->add_option("--threshold", arguments->threshold, "Lowest score of an object")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--overlap", arguments->overlap, "Boxes of a class that share more than this are one object")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--most", arguments->most, "Objects of a picture")->capture_default_str()->check(CLI::Range(1, 10000));
    command->add_option("--out", arguments->out, "Overlay: .png of one picture, .mp4 or .avi of one video, else a folder");
    command->add_option("--opacity", arguments->opacity, "Of the masks in overlays")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--every", arguments->every, "Videos: every n-th frame")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_option("--coco-json", arguments->coco, "Write boxes and masks to this file as COCO results");
    command->add_flag("--masks", arguments->masks, "Masks in --json too, as COCO's runs");
    command->add_flag("--json", arguments->json, "Print JSON");
    command->add_flag("--force", arguments->force, "Replace what is there");
    command->callback([&action, arguments] { action = [arguments] { return runDetect(*arguments); }; });
}

}  // namespace vl::cli
