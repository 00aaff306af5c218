// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/eval_dense.h"
#include "app/cli/interrupt.h"
#include "app/cli/model_file.h"
#include "app/cli/sample_arguments.h"
#include "engine/core/clock.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/data/loader.h"
#include "engine/train/evaluation.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

struct EvalArguments {
    std::string model, data, path, json;
    int batch = 256, limit = 0;
    std::optional<double> alpha;
    bool jsonAsked = false;
    DenseEvalArguments dense;
};

/// The run's own evaluation split where a run folder is named, otherwise the data set the checkpoint names.
DataSettings chooseData(const EvalArguments& arguments, const CheckpointInfo& info, std::uint64_t& seed) {
    DataSettings data;
    if (isRunFolder(arguments.model)) {
        const RunSettings settings = loadSettings(std::filesystem::path(arguments.model) / "run.toml");
        data = settings.data;
        seed = settings.train.seed;
    } else if (!info.dataset.empty()) {
        data.dataset = info.dataset;
    }
    if (!arguments.data.empty()) {
        data.dataset = arguments.data;
        data.validationShare = 0;
    }
    if (!arguments.path.empty()) data.path = arguments.path;
    return data;
}

int evaluateClassifier(const EvalArguments& arguments) {
    setComputeThreads(0);
    catchInterrupts();
    const auto loaded = loadModelFile(arguments.model);
    if (arguments.alpha) loaded->model->setSoftMask(*arguments.alpha);
    const ModelSpec& spec = loaded->model->spec();
    std::uint64_t seed = 0;
    const DataSettings data = chooseData(arguments, loaded->info, seed);
    const Datasets sets = openDatasets(data, spec.imageSize, spec.inChannels, seed);
    if (static_cast<int>(sets.evaluation->classNames().size()) > spec.numClasses)
        throw Error(ErrorCode::Mismatch, "The data has more classes than the model has outputs.",
                    "Choose the data set the checkpoint was trained on.");
    const EvalBatches batches(sets.evaluation, arguments.batch, arguments.limit, loaded->info.mean, loaded->info.std,
                              loaded->info.imagenetColours);
    const SystemClock clock;
    const double begin = clock.seconds();
    ProgressLine progress;
    const auto result = evaluateModel(*loaded->model, batches, [&](double done) {
        progress.update(done, thousands(batches.images()) + " images");
        return !interrupted();
    });
    progress.clear();
    if (!result) throw Error(ErrorCode::Cancelled, "The evaluation was interrupted.", "Nothing was written.");
    const double seconds = clock.seconds() - begin;
    if (!arguments.json.empty()) {
        const nlohmann::ordered_json answer = {{"model", spec.name},
                                               {"step", loaded->info.step},
                                               {"data", data.dataset},
                                               {"images", batches.images()},
                                               {"alpha", loaded->model->softMask()},
                                               {"accuracy", result->accuracy},
                                               {"loss", result->loss},
                                               {"seconds", seconds}};
        if (arguments.json == "-") std::printf("%s\n", answer.dump(2).c_str());
        else writeFileAtomically(arguments.json, answer.dump(2) + "\n");
        return 0;
    }
    std::printf("accuracy %.2f %%  loss %.4f  on %s images of %s (%s, alpha %.3g, %.0f img/s)\n",
                100 * result->accuracy, result->loss, thousands(batches.images()).c_str(), data.dataset.c_str(),
                spec.name.c_str(), loaded->model->softMask(), static_cast<double>(batches.images()) / seconds);
    return 0;
}

int runEval(EvalArguments arguments) {
    // `eval --json MODEL`: the word after it is the model where none was named.
    if (arguments.model.empty() && arguments.json != "-") std::swap(arguments.model, arguments.json);
    if (arguments.model.empty())
        throw Error(ErrorCode::Usage, "model is required.", "Name a checkpoint or a run folder.");
    if (arguments.json.empty() && arguments.jsonAsked) arguments.json = "-";
    const ModelTask task = taskOf(findModelFile(arguments.model));
    if (task == ModelTask::Segment || task == ModelTask::Detect) {
        DenseEvalArguments& dense = arguments.dense;
        dense.model = arguments.model, dense.layout = arguments.data, dense.path = arguments.path;
        dense.json = arguments.json, dense.limit = arguments.limit;
        return evaluateDense(dense, task);
    }
    const DenseEvalArguments& dense = arguments.dense;
    if (dense.how.given() || !dense.csv.empty() || !dense.fit.empty())
        throw Error(ErrorCode::Usage, "--scales, --flip, --sliding, --whole, --fit and --csv are for segmenters and detectors.",
                    "Leave them out.");
    if (arguments.json != "-") requireNew(arguments.json, dense.force);
    return evaluateClassifier(arguments);
}

}  // namespace

void addEval(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("eval", "Measure a classifier, segmenter or detector");
    auto arguments = std::make_shared<EvalArguments>();
    command->add_option("model", arguments->model, "Checkpoint (.safetensors, .pth) or run folder");
    command->add_option("--data,--dataset", arguments->data,
                        "fashion-mnist or folder; ade20k, voc, coco-stuff or masks; coco. Default: what it was trained on");
    command->add_option("--path", arguments->path, "Where the data set lies");
    command->add_option("--batch", arguments->batch, "Images at a time")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_option("--limit", arguments->limit, "Only the first images, 0: all")->check(CLI::NonNegativeNumber);
    command->add_option("--alpha", arguments->alpha, "Soft-mask rate, default the checkpoint's")
        ->check(CLI::Range(0.0, 1.0));
    auto* json = command->add_option("--json", arguments->json, "Print JSON, or write it to this file")->expected(0, 1);
    command->add_option("--csv", arguments->dense.csv, "Segmenters, detectors: write the table of classes to this file");
    addSegmentHow(*command, arguments->dense.how);
    command->add_option("--fit", arguments->dense.fit, "Segmentation: fit pictures into a long and a short side first: 2048x512");
    command->add_flag("--force", arguments->dense.force, "Replace what is there");
    command->callback([&action, arguments, json] {
        arguments->jsonAsked = json->count() > 0;
        action = [arguments] { return runEval(*arguments); };
    });
}

}  // namespace vl::cli
