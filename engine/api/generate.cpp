// SPDX-License-Identifier: Apache-2.0
#include "engine/api/generate.h"

#include <array>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/nearest_name.h"
#include "engine/core/text.h"

namespace vl {
namespace {

constexpr std::array<std::pair<Vary, const char*>, 10> kVaryNames{{
    {Vary::Nothing, "nothing"},
    {Vary::Class, "class"},
    {Vary::Seed, "seed"},
    {Vary::Guidance, "guidance"},
    {Vary::Steps, "steps"},
    {Vary::Sampler, "sampler"},
    {Vary::Eta, "eta"},
    {Vary::Noise, "noise"},
    {Vary::SeedMix, "seed-mix"},
    {Vary::LabelMix, "class-mix"},
}};

}  // namespace

const char* toString(Vary vary) {
    for (const auto& [value, name] : kVaryNames)
        if (value == vary) return name;
    return "unknown";
}

Vary varyNamed(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& [value, known] : kVaryNames) {
        if (name == known) return value;
        names.emplace_back(known);
    }
    const std::string near = didYouMean(name, names);
    throw Error(ErrorCode::Usage, "Nothing called '" + printable(name) + "' can change along a grid.",
                near.empty() ? "Known are " + joined(names, ", ") + "." : near);
}

const char* toString(GenerationState state) {
    switch (state) {
        case GenerationState::Idle: return "idle";
        case GenerationState::Loading: return "loading";
        case GenerationState::Running: return "running";
        case GenerationState::Paused: return "paused";
        case GenerationState::Saving: return "saving";
        case GenerationState::Finished: return "finished";
        case GenerationState::Stopped: return "stopped";
        case GenerationState::Failed: return "failed";
    }
    return "unknown";
}

bool isActive(GenerationState state) {
    return state == GenerationState::Loading || state == GenerationState::Running ||
           state == GenerationState::Paused || state == GenerationState::Saving;
}

}  // namespace vl
