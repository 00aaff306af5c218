// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stdexcept>

#include <CLI/CLI.hpp>

namespace vl::cli {

/// What the chosen subcommand does; returns the exit code (0 success, 1 failure, 2 usage).
using Action = std::function<int()>;

// Each declares one subcommand and, when it is the chosen one, puts its work into `action`.
void addTrain(CLI::App& app, Action& action);
void addEval(CLI::App& app, Action& action);
void addPredict(CLI::App& app, Action& action);
void addForward(CLI::App& app, Action& action);
void addInspect(CLI::App& app, Action& action);
void addInfo(CLI::App& app, Action& action);
void addConvert(CLI::App& app, Action& action);
void addSelectWeights(CLI::App& app, Action& action);
void addModels(CLI::App& app, Action& action);
void addSample(CLI::App& app, Action& action);
void addSegment(CLI::App& app, Action& action);
void addDetect(CLI::App& app, Action& action);
void addEncodeLatents(CLI::App& app, Action& action);
void addMakeScenes(CLI::App& app, Action& action);
void addEvaluateSamples(CLI::App& app, Action& action);
void addVerify(CLI::App& app, Action& action);
void addBench(CLI::App& app, Action& action);

}  // namespace vl::cli
