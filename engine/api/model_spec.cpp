// SPDX-License-Identifier: Apache-2.0
#include "engine/api/model_spec.h"

#include <array>
#include <utility>
#include <vector>

#include "engine/api/families.h"
#include "engine/core/error.h"
#include "engine/core/nearest_name.h"
#include "engine/core/text.h"

namespace vl {
namespace {

const Family& familyOf(const ModelSpec& spec) {
    if (const Family* family = findFamily(spec.family)) return *family;
    std::vector<std::string_view> names;
    for (const Family& family : modelFamilies())
        names.push_back(family.name);
    throw Error(ErrorCode::Unsupported, "Model family '" + printable(spec.family) + "' is not built into this program.",
                "Known families: " + joined(names, ", ") + ".");
}

std::vector<ModelSpec> allPresets() {
    std::vector<ModelSpec> all;
    for (const Family& family : modelFamilies()) {
        for (ModelSpec& spec : family.presets())
            all.push_back(std::move(spec));
    }
    return all;
}

void validateSizes(const ModelSpec& spec) {
    const std::array<std::pair<const char*, int>, 8> sizes{{{"dim", spec.dim},
                                                            {"depth", spec.depth},
                                                            {"heads", spec.heads},
                                                            {"ffnHidden", spec.ffnHidden},
                                                            {"patchSize", spec.patchSize},
                                                            {"imageSize", spec.imageSize},
                                                            {"inChannels", spec.inChannels},
                                                            {"numClasses", spec.numClasses}}};
    // The bound keeps every product of two sizes inside 64 bits, whatever a file says.
    constexpr int kLargest = 1 << 20;
    for (const auto& [name, value] : sizes) {
        requireSpec(value >= 1 && value <= kLargest, spec, std::string(name) + " is " + std::to_string(value),
                "Give a value from 1 to " + std::to_string(kLargest) + ".");
    }
}

}  // namespace

const char* toString(ModelTask task) {
    constexpr std::array names{"classify", "pretrain", "generate", "segment", "detect", "autoencode"};
    return names[static_cast<std::size_t>(task)];
}

std::vector<LayerCost> layerCosts(const ModelSpec& spec) { return familyOf(spec).costs(spec); }

ModelTask ModelSpec::task() const { return familyOf(*this).task; }

std::int64_t ModelSpec::parameterCount() const {
    std::int64_t total = 0;
    for (const LayerCost& layer : layerCosts(*this))
        total += layer.parameters;
    return total;
}

std::int64_t ModelSpec::macs() const {
    std::int64_t total = 0;
    for (const LayerCost& layer : layerCosts(*this))
        total += layer.macs;
    return total;
}

std::span<const ModelSpec> modelPresets() {
    static const std::vector<ModelSpec> presets = allPresets();
    return presets;
}

std::vector<ModelSpec> presetsFor(ModelTask task) {
    std::vector<ModelSpec> presets;
    for (const ModelSpec& spec : modelPresets()) {
        if (spec.task() == task) presets.push_back(spec);
    }
    return presets;
}

const ModelSpec& findPreset(std::string_view name) {
    std::vector<std::string_view> names;
    for (const ModelSpec& spec : modelPresets()) {
        if (spec.name == name) return spec;
        names.push_back(spec.name);
    }
    std::string hint = didYouMean(name, names);
    if (hint.empty()) hint = "Known models: " + joined(names, ", ") + ".";
    throw Error(ErrorCode::NotFound, "There is no model named \"" + printable(name) + "\".", hint);
}

void validate(const ModelSpec& spec) {
    validateSizes(spec);
    requireSpec(spec.dim % spec.heads == 0, spec,
            "width " + std::to_string(spec.dim) + " is not divisible by " + std::to_string(spec.heads) + " heads",
            "Choose a width that is a multiple of the number of heads.");
    requireSpec(spec.imageSize % spec.patchSize == 0, spec,
            "image size " + std::to_string(spec.imageSize) + " is not a multiple of patch size " +
                std::to_string(spec.patchSize),
            "Use an image size that is a multiple of " + std::to_string(spec.patchSize) + ".");
    requireSpec(spec.grid() <= 1024, spec, "the patch grid is " + std::to_string(spec.grid()) + " wide",
            "Use at most 1024 patches a side.");
    requireSpec(spec.ropeTheta > 0 && spec.normEps >= 0, spec, "ropeTheta must be positive and normEps not negative",
            "The published values are 10000 and 1e-6.");
    requireSpec(spec.alpha >= 0 && spec.alpha <= 1, spec,
            "soft-mask rate " + std::to_string(spec.alpha) + " is outside 0 to 1", "1 is bidirectional, 0 is causal.");
    familyOf(spec).check(spec);
}

int swigluHidden(int dim, double ratio) {
    const int wanted = static_cast<int>(2 * (dim * ratio) / 3);
    return 256 * ((wanted + 255) / 256);
}

int wideSwigluHidden(int feedForwardChannels) {
    const int wanted = static_cast<int>(std::int64_t{8} * feedForwardChannels / 3);
    return 256 * ((wanted + 255) / 256);
}

}  // namespace vl
