// SPDX-License-Identifier: Apache-2.0
#include "app/cli/settings_arguments.h"

#include <utility>

#include "engine/core/error.h"

namespace vl::cli {
namespace {

std::pair<std::string, std::string> split(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        throw Error(ErrorCode::Usage, "--set takes key=value, not '" + text + "'.", "For example --set train.lr=1e-3.");
    return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace

void applySets(RunSettings& settings, const std::vector<std::string>& sets) {
    for (const std::string& set : sets) {
        const auto [key, value] = split(set);
        applySetting(settings, key, std::string_view(value));
    }
}

std::optional<std::int64_t> totalStepsFrom(const std::vector<std::string>& sets) {
    std::optional<std::int64_t> total;
    for (const std::string& set : sets) {
        const auto [key, value] = split(set);
        if (key != "train.max_steps")
            throw Error(
                ErrorCode::Usage, "A resumed run keeps its settings; '" + key + "' cannot change.",
                "Only train.max_steps may be set with --resume; start a new run with model.init_from for the rest.");
        RunSettings checked;
        applySetting(checked, key, std::string_view(value));
        total = checked.train.maxSteps;
    }
    return total;
}

}  // namespace vl::cli
