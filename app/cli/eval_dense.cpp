// SPDX-License-Identifier: Apache-2.0
#include "app/cli/eval_dense.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <c10/core/GradMode.h>

#include "app/cli/console.h"
#include "app/cli/detect_documents.h"
#include "app/cli/eval_journal.h"
#include "app/cli/eval_report.h"
#include "app/cli/interrupt.h"
#include "app/cli/model_file.h"
#include "app/cli/sample_arguments.h"
#include "engine/api/run_folder.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/core/clock.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/data/dense_dataset.h"
#include "engine/dense/predictor.h"
#include "engine/metrics/detect_judge.h"
#include "engine/metrics/segment_counts.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

bool goOn(int, int, const PixelClasses*) { return !interrupted(); }

/// Adds pictures up, one kind of model each.
class Tally {
public:
    virtual ~Tally() = default;
    /// Asks the model about one picture and counts it; gives what a journal needs to count it again.
    virtual Json measure(std::int64_t index, const DenseSample& sample) = 0;
    /// Counts a picture from a journal. `read` gives it with its truth.
    virtual void restore(std::int64_t index, const Json& result, const std::function<DenseSample()>& read) = 0;
    virtual void report(DenseReport& report) const = 0;
    virtual std::string soFar() const { return {}; }
};

class SegmentTally final : public Tally {
public:
    SegmentTally(DenseModel& model, const SegmentTesting& testing)
        : model_(model), testing_(testing), classes_(model.model->spec().numClasses), counts_(classes_) {}

    Json measure(std::int64_t, const DenseSample& sample) override {
        if (sample.labels.empty())
            throw Error(ErrorCode::BadFile, sample.name + " has no mask.", "The picture is left out.");
        const PixelClasses found = segmentPicture(*model_.model, sample.picture, testing_, goOn);
        SegmentCounts one(classes_);
        one.add(sample.labels, found.labels);
        counts_.add(one);
        return pairsJson(one.scores().confusion);
    }
    void restore(std::int64_t, const Json& result, const std::function<DenseSample()>&) override {
        const LabelPairs pairs = pairsFrom(result, classes_);
        counts_.add(pairs.truth, pairs.prediction);
    }
    void report(DenseReport& report) const override { report.segment = counts_.scores(); }
    std::string soFar() const override { return "mIoU " + formatFixed(100 * counts_.scores().meanIou, 1) + " %"; }

private:
    DenseModel& model_;
    SegmentTesting testing_;
    int classes_;
    SegmentCounts counts_;
};

class DetectTally final : public Tally {
public:
    explicit DetectTally(DenseModel& model)
        : model_(model), classes_(model.model->spec().numClasses), judge_(classes_) {}

    Json measure(std::int64_t index, const DenseSample& sample) override {
        const std::vector<FoundObject> found = detectPicture(*model_.model, sample.picture, {}, goOn).objects;
        judge_.add(idOf(index, sample), sample.objects, found);
        return foundJson(found);
    }
    void restore(std::int64_t index, const Json& result, const std::function<DenseSample()>& read) override {
        const DenseSample sample = read();
        judge_.add(idOf(index, sample), sample.objects, foundFrom(result, classes_));
    }
    void report(DenseReport& report) const override { report.detect = judge_.scores(); }

private:
    static std::int64_t idOf(std::int64_t index, const DenseSample& sample) {
        return cocoImageId(fs::path(sample.name).stem().string(), index);
    }
    DenseModel& model_;
    int classes_;
    DetectJudge judge_;
};

/// The data set that was named, else the one the run trained on.
void chooseData(DenseEvalArguments& arguments, ModelTask task) {
    if (isRunFolder(arguments.model)) {
        const RunSettings settings = loadSettings(fs::path(arguments.model) / "run.toml");
        if (arguments.layout.empty()) arguments.layout = settings.data.dataset;
        if (arguments.path.empty()) arguments.path = settings.data.path;
    }
    if (arguments.layout.empty() && task == ModelTask::Detect) arguments.layout = "coco";
    if (arguments.layout.empty() || arguments.path.empty())
        throw Error(ErrorCode::Usage, "A segmenter or detector is measured on annotated pictures.",
                    "Add --dataset ade20k, voc, coco-stuff, masks or coco, and --path with its folder.");
    if ((task == ModelTask::Detect) != (arguments.layout == "coco"))
        throw Error(ErrorCode::Mismatch,
                    task == ModelTask::Detect ? "A detector is measured on objects, and '" + printable(arguments.layout) + "' has none."
                                              : "A segmenter is measured on masks of classes, and 'coco' is a set of objects.",
                    task == ModelTask::Detect ? "Add --dataset coco." : "Add --dataset ade20k, voc, coco-stuff or masks.");
}

void fitInto(const std::string& text, SegmentTesting& testing) {
    if (text.empty()) return;
    const std::size_t cross = std::min(text.find('x'), text.size());
    const auto one = parseInteger(text.substr(0, cross));
    const auto other = cross < text.size() ? parseInteger(text.substr(cross + 1)) : std::nullopt;
    if (!one || !other || *one < 16 || *other < 16 || *one > 16384 || *other > 16384)
        throw Error(ErrorCode::Usage, "'" + printable(text) + "' is no size.", "Write a long and a short side, such as 2048x512.");
    testing.baseLong = static_cast<int>(std::max(*one, *other));
    testing.baseShort = static_cast<int>(std::min(*one, *other));
}

std::shared_ptr<const DenseDataset> openData(const DenseEvalArguments& arguments, ModelTask task) {
    return task == ModelTask::Detect
               ? openDetectDataset(arguments.path, DenseSplit::Validation, arguments.limit)
               : openSegmentDataset(arguments.layout, arguments.path, DenseSplit::Validation, arguments.limit);
}

/// Where the journal lies: beside the first file that is asked for; nowhere without one.
fs::path journalFile(const DenseEvalArguments& arguments) {
    const bool json = !arguments.json.empty() && arguments.json != "-";
    const std::string& beside = json ? arguments.json : arguments.csv;
    return beside.empty() ? fs::path() : fs::path(beside + ".journal");
}

class DenseEvaluation {
public:
    DenseEvaluation(const DenseEvalArguments& given, ModelTask task) : arguments_(given), task_(task) {
        chooseData(arguments_, task);
        requireNew(arguments_.json == "-" ? std::string() : arguments_.json, arguments_.force);
        requireNew(arguments_.csv, arguments_.force);
        if (task == ModelTask::Detect && (arguments_.how.given() || !arguments_.fit.empty()))
            throw Error(ErrorCode::Usage, "--scales, --flip, --sliding, --whole and --fit are for segmenters.",
                        "Leave them out.");
        testing_ = testingOf(arguments_.how);
        fitInto(arguments_.fit, testing_);
        file_ = findModelFile(arguments_.model);
        data_ = openData(arguments_, task);
        model_ = openDenseModel(file_, task);
        checkClasses();
        if (task == ModelTask::Detect) tally_ = std::make_unique<DetectTally>(model_);
        else tally_ = std::make_unique<SegmentTally>(model_, testing_);
    }

    int run() {
        EvalJournal journal(journalFile(arguments_), identity(), arguments_.force);
        if (journal.found() > 0)
            std::fprintf(stderr, "continuing after %s pictures of %s\n", thousands(journal.found()).c_str(),
                         journalFile(arguments_).c_str());
        begin_ = clock_.seconds();
        for (index_ = 0; index_ < data_->size(); ++index_) {
            show();
            if (interrupted() || !one(journal)) stopped(journal);
        }
        progress_.clear();
        if (counted_ == 0)
            throw Error(ErrorCode::BadFile, "None of the pictures could be used.", "Check --dataset and --path.");
        deliver();
        journal.remove();
        return leftOut_ ? 1 : 0;
    }

private:
    void checkClasses() const {
        const auto classes = static_cast<std::int64_t>(data_->classes().names.size());
        const int outputs = model_.model->spec().numClasses;
        const bool fits = task_ == ModelTask::Detect ? classes == outputs : classes <= outputs;
        if (!fits)
            throw Error(ErrorCode::Mismatch,
                        "The data has " + std::to_string(classes) + " classes and the model " + std::to_string(outputs) + ".",
                        "Choose the data set the checkpoint was trained on.");
    }

    /// What must be the same for a journal's figures to count.
    Json identity() const {
        std::error_code error;
        return {{"evaluation", 1},
                {"model", fs::absolute(file_).string()},
                {"bytes", fs::file_size(file_, error)},
                {"written", fs::last_write_time(file_, error).time_since_epoch().count()},
                {"data", arguments_.layout},
                {"path", fs::absolute(arguments_.path).string()},
                {"pictures", data_->size()},
                {"testing", testingText()}};
    }
    std::string testingText() const {
        if (task_ == ModelTask::Detect) return "objects above 5 %";
        const std::string fit = testing_.baseLong > 0 ? ", fitted into " + arguments_.fit : "";
        return describe(testing_) + fit;
    }

    /// False when it was stopped while the model was at work.
    bool one(EvalJournal& journal) {
        try {
            const auto read = [this] { return data_->read(index_); };
            if (const Json* known = journal.find(index_)) {
                tally_->restore(index_, *known, read);
            } else {
                journal.add(index_, tally_->measure(index_, read()));
                ++measured_;
            }
            ++counted_;
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Cancelled) return false;
            if (error.code() == ErrorCode::OutOfMemory) throw;
            progress_.clear();
            printError(data_->name(index_) + ": " + error.message(), error.hint());
            ++leftOut_;
        }
        return true;
    }

    void show() {
        const std::int64_t all = data_->size();
        const double share = static_cast<double>(index_) / static_cast<double>(std::max<std::int64_t>(1, all));
        std::string text = thousands(index_) + " of " + thousands(all) + " pictures";
        if (measured_ > 0) {
            // Pictures from the journal took no time.
            text += ", " + duration((clock_.seconds() - begin_) / static_cast<double>(measured_) * static_cast<double>(all - index_)) + " left";
            if (const std::string known = tally_->soFar(); !known.empty()) text += ", " + known;
        }
        progress_.update(share, text);
    }

    [[noreturn]] void stopped(const EvalJournal& journal) {
        progress_.clear();
        throw Error(ErrorCode::Cancelled, "Stopped after " + thousands(index_) + " of " + thousands(data_->size()) + " pictures.",
                    journal.kept() ? "The same command continues there."
                                   : "With --json FILE or --csv FILE it could be continued.");
    }

    void deliver() {
        DenseReport report;
        report.model = model_.name;
        report.checkpoint = file_.string();
        report.layout = arguments_.layout;
        report.path = arguments_.path;
        report.testing = testingText();
        report.pictures = counted_;
        report.leftOut = leftOut_;
        report.seconds = clock_.seconds() - begin_;
        report.classes = namesFor(model_);
        tally_->report(report);
        const std::string json = reportJson(report).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
        if (arguments_.json == "-") std::printf("%s", json.c_str());
        else std::printf("%s", reportText(report).c_str());
        if (!arguments_.json.empty() && arguments_.json != "-") writeFileAtomically(arguments_.json, json);
        if (!arguments_.csv.empty()) writeFileAtomically(arguments_.csv, reportCsv(report));
    }

    /// The data's names; the model's where it knows more classes.
    ClassList namesFor(const DenseModel& model) const {
        ClassList list = data_->classes();
        for (int c = static_cast<int>(list.names.size()); c < model.model->spec().numClasses; ++c)
            list.names.push_back(className(model.classes, c));
        return list;
    }

    DenseEvalArguments arguments_;
    ModelTask task_;
    SegmentTesting testing_;
    fs::path file_;
    std::shared_ptr<const DenseDataset> data_;
    DenseModel model_;
    std::unique_ptr<Tally> tally_;
    ProgressLine progress_;
    SystemClock clock_;
    double begin_ = 0;
    std::int64_t index_ = 0, counted_ = 0, measured_ = 0, leftOut_ = 0;
};

}  // namespace

ModelTask taskOf(const fs::path& file) {
    try {
        return readCheckpointInfo(file).spec.task();
    } catch (const Error& error) {
        if (error.code() == ErrorCode::NotFound) throw;
    }
    const CheckpointReport report = inspectCheckpoint(file);
    return report.recognition.known ? report.recognition.spec.task() : ModelTask::Classify;
}

int evaluateDense(const DenseEvalArguments& arguments, ModelTask task) {
    setComputeThreads(0);
    catchInterrupts();
    const c10::NoGradGuard noGrad;
    return DenseEvaluation(arguments, task).run();
}

}  // namespace vl::cli
