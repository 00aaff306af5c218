// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/evaluate_samples_report.h"
#include "app/cli/interrupt.h"
#include "app/cli/model_file.h"
#include "engine/core/clock.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/metrics/measure_pictures.h"
#include "engine/metrics/precision_recall.h"
#include "engine/train/runtime.h"

namespace vl::cli {
namespace {

constexpr std::int64_t kSmallPicturesAtATime = 250, kInceptionPicturesAtATime = 32;

struct EvaluateArguments {
    std::string samples, reference, inception, classifier, json, statistics;
    std::int64_t limit = 0, kept = 10000;
};

/// What a person named as one of the two sides.
struct Side {
    std::string name;
    std::unique_ptr<PictureSource> source;      ///< null: statistics alone
    std::optional<ReferenceStatistics> stored;  ///< of the file
    std::optional<MeasuredPictures> measured;

    /// The file's own where they are of this network's width.
    bool storedFits(std::int64_t features) const { return stored && stored->mean.size(0) == features; }
    ReferenceStatistics statistics() const { return stored ? *stored : measured->statistics(); }
    bool hasFeatures() const { return measured && measured->kept.defined(); }
};

Side openSide(const std::string& text) {
    Side side;
    side.name = text;
    std::error_code error;
    if (!std::filesystem::is_regular_file(text, error)) {
        side.source = openPictures(text);
        return side;
    }
    const auto file = NpzFile::open(text);
    if (hasReferenceStatistics(file)) side.stored = readReferenceStatistics(file, text);
    if (file.find("arr_0") || !side.stored) side.source = npzPictures(file, text);
    return side;
}

/// Letters and digits alone, small: names of classes are compared so, because folders cannot have every name.
std::string folded(const std::string& name) {
    std::string text;
    for (const unsigned char c : name)
        if (std::isalnum(c)) text += static_cast<char>(std::tolower(c));
    return text;
}

/// The network's class of each of the source's, by name or number; all in order where that does not work out.
std::vector<int> matchClasses(const std::vector<std::string>& names, const std::vector<std::string>& network) {
    std::vector<int> classes;
    for (const std::string& name : names) {
        const auto same = [&](const std::string& other) { return folded(other) == folded(name); };
        const auto found = std::find_if(network.begin(), network.end(), same);
        if (found != network.end())
            classes.push_back(static_cast<int>(found - network.begin()));
        else if (const auto number = parseInteger(name); number && *number >= 0 && *number < (1 << 20))
            classes.push_back(static_cast<int>(*number));
        else
            return {};
    }
    return classes;
}

class Evaluation {
public:
    explicit Evaluation(const EvaluateArguments& arguments) : arguments_(arguments) {
        if (!arguments.inception.empty()) {
            network_ = inceptionFeatures(arguments.inception);
            report_.inception = true;
            return;
        }
        const auto file = findModelFile(arguments.classifier);
        network_ = classifierFeatures(file);
        try {
            report_.classNames = readCheckpointInfo(file).classNames;
        } catch (const Error&) {
            report_.classNames = {};  // a foreign classifier's classes have numbers
        }
    }

    SampleReport run() {
        const double begin = clock_.seconds();
        Side samples = openSide(arguments_.samples);
        std::optional<Side> reference;
        if (!arguments_.reference.empty()) reference = openSide(arguments_.reference);
        report_.network = network_->name();
        report_.samples = samples.name;
        measure(samples, "samples", arguments_.limit, /*labelled=*/!report_.inception);
        takeSamples(samples);
        if (reference) compare(samples, *reference);
        if (!arguments_.statistics.empty()) writeReferenceStatistics(arguments_.statistics, samples.statistics());
        progress_.clear();
        report_.seconds = clock_.seconds() - begin;
        return std::move(report_);
    }

private:
    void measure(Side& side, const std::string& what, std::int64_t limit, bool labelled) {
        if (!side.source) return;
        MeasureOptions options;
        options.batch = report_.inception ? kInceptionPicturesAtATime : kSmallPicturesAtATime;
        options.limit = limit;
        options.keep = arguments_.reference.empty() ? 0 : arguments_.kept;
        if (labelled) options.classOf = matchClasses(side.source->classNames(), report_.classNames);
        const double begin = clock_.seconds();
        options.progress = [&, begin](std::int64_t done, std::int64_t total) {
            tell(what, done, total, begin);
            return !interrupted();
        };
        side.measured = measurePictures(*network_, *side.source, options);
        const auto width = side.measured->pooled.mean().size(0);
        report_.features = width;
        if (side.stored && !side.storedFits(width)) side.stored.reset();
    }

    void tell(const std::string& what, std::int64_t done, std::int64_t total, double begin) {
        std::string text = what + " " + thousands(done) + " of " + thousands(total);
        const double spent = clock_.seconds() - begin;
        if (done > 0)
            text += "  " + duration(spent / static_cast<double>(done) * static_cast<double>(total - done)) + " left";
        progress_.update(static_cast<double>(done) / static_cast<double>(std::max<std::int64_t>(total, 1)), text);
    }

    void takeSamples(const Side& samples) {
        if (!samples.measured) {
            report_.features = samples.stored->mean.size(0);
            return;
        }
        report_.pictures = samples.measured->pictures;
        report_.score = samples.measured->score.value();
        if (report_.inception) return;
        if (samples.measured->strayLabels == 0)
            report_.classes = samples.measured->classes;
        else
            report_.notes.push_back("Labels that are none of the network's classes: no accuracy.");
    }

    void compare(const Side& samples, Side& reference) {
        report_.reference = reference.name;
        // Stored moments make the pictures beside them necessary for precision and recall alone.
        const bool known = reference.storedFits(report_.features);
        const auto limit =
            known && (arguments_.limit == 0 || arguments_.limit > arguments_.kept) ? arguments_.kept : arguments_.limit;
        measure(reference, "reference", limit, false);
        if (reference.measured) report_.referencePictures = reference.measured->pictures;
        const auto one = samples.statistics(), other = reference.statistics();
        if (one.mean.size(0) != other.mean.size(0))
            throw Error(ErrorCode::Mismatch,
                        arguments_.reference + " holds statistics of " + std::to_string(other.mean.size(0)) +
                            " features and " + report_.network + " gives " + std::to_string(one.mean.size(0)) + ".",
                        "Compare statistics of the same network.");
        progress_.update(0, "Frechet distance");
        report_.frechet = frechetDistance(one.mean, one.covariance, other.mean, other.covariance);
        if (one.spatialMean.defined() && other.spatialMean.defined())
            report_.spatialFrechet =
                frechetDistance(one.spatialMean, one.spatialCovariance, other.spatialMean, other.spatialCovariance);
        if (samples.measured && samples.measured->pictures <= report_.features)
            report_.notes.push_back("There are fewer samples than features: the distance is too large.");
        comparePictures(samples, reference);
    }

    void comparePictures(const Side& samples, const Side& reference) {
        const PrecisionRecallOptions usual;
        if (!samples.hasFeatures() || !reference.hasFeatures() ||
            std::min(samples.measured->kept.size(0), reference.measured->kept.size(0)) <= usual.neighbours) {
            report_.notes.push_back("Precision and recall need at least 4 pictures on both sides.");
            return;
        }
        PrecisionRecallOptions options;
        options.progress = [&](double share) {
            progress_.update(share, "precision and recall");
            if (interrupted())
                throw Error(ErrorCode::Cancelled, "The evaluation was interrupted.", "Nothing was written.");
        };
        const auto found = precisionRecall(reference.measured->kept, samples.measured->kept, options);
        report_.precision = found.precision;
        report_.recall = found.recall;
    }

    const EvaluateArguments& arguments_;
    std::unique_ptr<FeatureExtractor> network_;
    SampleReport report_;
    ProgressLine progress_;
    SystemClock clock_;
};

int runEvaluate(const EvaluateArguments& arguments) {
    setComputeThreads(0);
    catchInterrupts();
    const SampleReport report = Evaluation(arguments).run();
    if (arguments.json == "-") {
        std::printf("%s", reportJson(report).c_str());
        return 0;
    }
    printReport(report);
    if (!arguments.json.empty()) writeFileAtomically(arguments.json, reportJson(report));
    return 0;
}

}  // namespace

void addEvaluateSamples(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand("evaluate-samples", "Measure generated pictures against real ones");
    auto arguments = std::make_shared<EvaluateArguments>();
    command
        ->add_option("samples", arguments->samples,
                     "Pictures: .npz (arr_0, labels arr_1), a folder, fashion-mnist or fashion-mnist:test")
        ->required();
    command->add_option("--reference", arguments->reference,
                        "What to compare with: as samples, or .npz with mu and sigma; default nothing");
    auto* inception = command->add_option("--inception", arguments->inception,
                                          "Inception v3 weights (pt_inception-2015-12-05-6726825d.pth)");
    command
        ->add_option("--classifier", arguments->classifier,
                     "Checkpoint or run folder of a classifier; default the demo model")
        ->excludes(inception);
    command->add_option("--json", arguments->json, "Write the figures to this file, -: print JSON");
    command->add_option("--save-statistics", arguments->statistics, "Write the samples' statistics to this .npz");
    command->add_option("--limit", arguments->limit, "Only the first pictures of each side, 0: all")
        ->check(CLI::NonNegativeNumber);
    command->add_option("--precision-limit", arguments->kept, "Pictures of each side for precision and recall")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->callback([&action, arguments] { action = [arguments] { return runEvaluate(*arguments); }; });
}

}  // namespace vl::cli
