// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/deviation_groups.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/cuda/loader.h"
#include "engine/train/runtime.h"
#include "engine/train/translate_error.h"
#include "engine/verify/verify.h"

namespace vl::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kMiss = 1, kUnknownKind = 3;

struct VerifyArguments {
    std::vector<std::string> cases;
    std::string device = "cpu", precision = "fp32";
    bool json = false, list = false;
    int threads = 0;
};

/// What came of one file.
struct Replay {
    std::string file;
    std::vector<Deviation> rows;
    std::string problem, hint;  ///< the file could not be replayed
    int code = 0;
};

std::string knownKinds() {
    std::vector<std::string_view> names;
    for (const CaseKind& kind : caseKinds())
        names.push_back(kind.kind);
    return joined(names, ", ");
}

VerifyOptions optionsFrom(const VerifyArguments& arguments) {
    VerifyOptions options;
    if (arguments.precision == "fp64") options.precision = at::kDouble;
    if (arguments.precision == "bf16") options.precision = at::kBFloat16;
    if (arguments.device == "cuda") {
        std::string reason = probeCuda().reason;
        if (!probeCuda().available || !loadTorchCuda(reason))
            throw Error(ErrorCode::Unsupported, reason, "Without --device the cases are replayed on the processor.");
        options.device = at::Device(at::kCUDA, 0);
    }
    return options;
}

/// Folders stand for the .json files in them, in the order of their names.
std::vector<fs::path> expand(const std::vector<std::string>& given) {
    std::vector<fs::path> files;
    for (const std::string& text : given) {
        std::error_code ignored;
        if (!fs::is_directory(text, ignored)) {
            files.emplace_back(text);
            continue;
        }
        std::vector<fs::path> inside;
        for (const auto& entry : fs::directory_iterator(text))
            if (entry.path().extension() == ".json") inside.push_back(entry.path());
        if (inside.empty())
            throw Error(ErrorCode::NotFound, "There is no .json file in " + text + ".", "Give recorded cases.");
        std::sort(inside.begin(), inside.end());
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

Replay replay(const fs::path& file, const VerifyOptions& options) {
    Replay result;
    result.file = file.string();
    try {
        const CaseReport report = verifyCase(file, options);
        result.rows = report.rows();
        result.code = report.passed() ? 0 : kMiss;
    } catch (...) {
        const Error error = translateError(std::current_exception());
        const bool unknown = error.code() == ErrorCode::Unsupported;
        result.problem = error.message();
        result.hint = unknown ? "Known kinds: " + knownKinds() + "." : error.hint();
        result.code = unknown ? kUnknownKind : kMiss;
    }
    return result;
}

void print(const Replay& replay, bool every) {
    std::printf("%s\n", replay.file.c_str());
    if (!replay.problem.empty()) {
        std::fflush(stdout);
        return printError(replay.problem, replay.hint);
    }
    std::fputs(deviationTable(every ? replay.rows : grouped(replay.rows)).c_str(), stdout);
    const auto missed =
        std::count_if(replay.rows.begin(), replay.rows.end(), [](const Deviation& d) { return !d.passed(); });
    if (missed == 0)
        std::printf("pass: %zu quantities within their tolerances\n\n", replay.rows.size());
    else
        std::printf("miss: %td of %zu quantities are further off than their tolerances\n\n", missed,
                    replay.rows.size());
    std::fflush(stdout);
}

nlohmann::ordered_json toJson(const Replay& replay) {
    nlohmann::ordered_json row = {{"file", replay.file}, {"passed", replay.code == 0}};
    if (!replay.problem.empty()) {
        row["problem"] = replay.problem;
        row["hint"] = replay.hint;
        return row;
    }
    row["quantities"] = nlohmann::ordered_json::array();
    for (const Deviation& d : replay.rows)
        row["quantities"].push_back({{"quantity", d.quantity},
                                     {"worst", std::isfinite(d.worst) ? nlohmann::ordered_json(d.worst) : nullptr},
                                     {"tolerance", d.tolerance},
                                     {"passed", d.passed()},
                                     {"note", d.note}});
    return row;
}

/// A miss outweighs a kind that is not known, which outweighs success.
int worse(int a, int b) {
    const auto rank = [](int code) { return code == kMiss ? 2 : code == kUnknownKind ? 1 : 0; };
    return rank(a) >= rank(b) ? a : b;
}

void printSummary(const std::vector<Replay>& replays) {
    const auto with = [&](int code) {
        return std::count_if(replays.begin(), replays.end(), [&](const Replay& r) { return r.code == code; });
    };
    std::printf("%zu cases: %td pass, %td miss, %td of a kind this program does not know\n", replays.size(), with(0),
                with(kMiss), with(kUnknownKind));
}

int runVerify(const VerifyArguments& arguments) {
    if (arguments.list && arguments.cases.empty()) {
        for (const CaseKind& kind : caseKinds())
            std::printf("%s\n", std::string(kind.kind).c_str());
        return 0;
    }
    if (arguments.cases.empty())
        throw Error(ErrorCode::Usage, "No case was given.",
                    "Name a .json file of recorded numbers, or a folder of them.");
    setComputeThreads(arguments.threads);
    const VerifyOptions options = optionsFrom(arguments);
    const std::vector<fs::path> files = expand(arguments.cases);
    std::vector<Replay> replays;
    int code = 0;
    ProgressLine progress;
    for (const fs::path& file : files) {
        progress.update(static_cast<double>(replays.size()) / static_cast<double>(files.size()),
                        "replaying " + file.stem().string());
        replays.push_back(replay(file, options));
        progress.clear();
        code = worse(code, replays.back().code);
        if (!arguments.json) print(replays.back(), arguments.list);
    }
    if (arguments.json) {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const Replay& replay : replays)
            list.push_back(toJson(replay));
        std::printf("%s\n", list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    } else if (replays.size() > 1) {
        printSummary(replays);
    }
    return code;
}

}  // namespace

void addVerify(CLI::App& app, Action& action) {
    auto* command = app.add_subcommand(
        "verify",
        "Replay recorded cases and print how far this build is from their numbers. Exit code 0: all pass, "
        "1: a miss or a file that cannot be read, 3: a kind of case that is not known");
    auto arguments = std::make_shared<VerifyArguments>();
    command->add_option("cases", arguments->cases, "Case files (.json), or folders of them");
    command->add_option("--device", arguments->device, "Where to compute")->check(CLI::IsMember({"cpu", "cuda"}));
    command->add_option("--precision", arguments->precision, "Type of weights and values")
        ->check(CLI::IsMember({"fp32", "fp64", "bf16"}));
    command->add_flag("--json", arguments->json, "Print JSON, every quantity");
    command->add_flag("--list", arguments->list,
                      "Every quantity instead of the worst of each group; without cases: the kinds that are known");
    command->add_option("--threads", arguments->threads, "Compute threads, default all cores");
    command->callback([&action, arguments] { action = [arguments] { return runVerify(*arguments); }; });
}

}  // namespace vl::cli
