// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <string>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "engine/api/process.h"
#include "engine/core/error.h"
#include "engine/train/runtime.h"
#include "engine/train/translate_error.h"

namespace {

constexpr int kFailure = 1, kUsage = 2;

/// CLI11 says what is wrong over several lines; an error here is one.
std::string oneLine(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '.'))
        text.pop_back();
    for (char& c : text)
        if (c == '\n') c = ' ';
    return text + ".";
}

std::string commandHelp(const CLI::App& app) {
    for (const CLI::App* chosen : app.get_subcommands())
        return "visionllama " + chosen->get_name() + " --help";
    return "visionllama --help";
}

int runProgram(int argc, char** argv) {
    CLI::App app("Trains, runs and dissects vision transformers. `visionllama COMMAND --help` explains a command.",
                 "visionllama");
    app.set_version_flag("--version", "visionllama " VL_VERSION);
    app.require_subcommand(1);
    vl::cli::Action action;
    vl::cli::addTrain(app, action);
    vl::cli::addEval(app, action);
    vl::cli::addPredict(app, action);
    vl::cli::addForward(app, action);
    vl::cli::addInspect(app, action);
    vl::cli::addModels(app, action);
    vl::cli::addInfo(app, action);
    vl::cli::addConvert(app, action);
    vl::cli::addSelectWeights(app, action);
    vl::cli::addSample(app, action);
    vl::cli::addSegment(app, action);
    vl::cli::addDetect(app, action);
    vl::cli::addEncodeLatents(app, action);
    vl::cli::addMakeScenes(app, action);
    vl::cli::addEvaluateSamples(app, action);
    vl::cli::addVerify(app, action);
    vl::cli::addBench(app, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {  // --help, --version
        return app.exit(wanted);
    } catch (const CLI::ParseError& problem) {
        vl::cli::printError(oneLine(problem.what()), "See " + commandHelp(app) + ".");
        return kUsage;
    }
    return action();
}

}  // namespace

int main(int argc, char** argv) {
    vl::useShortSpins(argv);
    vl::tuneAllocator();
    try {
        return runProgram(argc, argv);
    } catch (...) {
        const vl::Error error = vl::translateError(std::current_exception());
        vl::cli::printError(error.message(), error.hint());
        return error.code() == vl::ErrorCode::Usage ? kUsage : kFailure;
    }
}
