// SPDX-License-Identifier: Apache-2.0
#include "engine/api/model_spec.h"

#include <array>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/nearest_name.h"
#include "engine/core/text.h"

namespace vl {
namespace {

constexpr const char* kIllamaPaper =
    "iLLaMA: Adapting LLaMA Architecture to Vision Transformer, 2024, table of configurations";

ModelSpec published(const char* name, int dim, int depth, int heads, int hidden, const char* note) {
    ModelSpec spec;
    spec.name = name;
    spec.dim = dim;
    spec.depth = depth;
    spec.heads = heads;
    spec.ffnHidden = hidden;
    spec.citation = kIllamaPaper;
    spec.note = note;
    return spec;
}

/// Shared by the two 28 x 28 presets: grey pictures padded to 32 x 32, 8 x 8 patches and the class token.
ModelSpec fashionSized(ModelSpec spec) {
    spec.patchSize = 4;
    spec.imageSize = 32;
    spec.inChannels = 1;
    spec.numClasses = 10;
    return spec;
}

std::vector<ModelSpec> buildPresets() {
    std::vector<ModelSpec> presets;
    ModelSpec micro =
        fashionSized(published("illama_micro", 128, 4, 4, 256,
                               "0.7 M parameters for 32 px grey pictures; FFN width 256 instead of the rule's 512"));
    micro.citation = "this project; same function as iLLaMA at a size that trains on two CPU cores in minutes";
    presets.push_back(std::move(micro));
    presets.push_back(fashionSized(
        published("illama_tiny_fmnist", 192, 12, 3, 512, "the body of illama_tiny on 32 px grey pictures, 65 tokens")));
    presets.push_back(
        published("illama_tiny", 192, 12, 3, 512, "5.7 M parameters, 75.0 % published top-1 on ImageNet-1k"));
    presets.push_back(
        published("illama_small", 384, 12, 6, 1024, "22.0 M parameters, 79.9 % published top-1 on ImageNet-1k"));
    presets.push_back(
        published("illama_base", 768, 12, 12, 2048, "86.5 M parameters, 81.6 % published top-1 on ImageNet-1k"));
    presets.push_back(
        published("illama_large", 1024, 24, 16, 2816, "310 M parameters, 84.8 % published top-1 after ImageNet-21k"));
    return presets;
}

void require(bool condition, const ModelSpec& spec, const std::string& problem, const std::string& hint) {
    if (!condition) throw Error(ErrorCode::Usage, "Model '" + spec.name + "': " + problem + ".", hint);
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
        require(value >= 1 && value <= kLargest, spec, std::string(name) + " is " + std::to_string(value),
                "Give a value from 1 to " + std::to_string(kLargest) + ".");
    }
}

}  // namespace

std::int64_t ModelSpec::parameterCount() const {
    const std::int64_t d = dim, h = ffnHidden, n = tokens(), k = numClasses;
    const std::int64_t patchInputs = std::int64_t{inChannels} * patchSize * patchSize;
    const std::int64_t block = (4 * d * d + 4 * d) + 3 * d * h + 2 * d;
    return depth * block + d + (patchInputs * d + d) + n * d + d + k * d + k;
}

std::int64_t ModelSpec::macs() const {
    const std::int64_t d = dim, h = ffnHidden, n = tokens(), k = numClasses;
    const std::int64_t patchInputs = std::int64_t{inChannels} * patchSize * patchSize;
    const std::int64_t block = 3 * n * d * d + 2 * n * n * d + n * d * d + 3 * n * d * h;
    return depth * block + (n - 1) * patchInputs * d + k * d;
}

std::span<const ModelSpec> modelPresets() {
    static const std::vector<ModelSpec> presets = buildPresets();
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
    require(spec.dim % spec.heads == 0, spec,
            "width " + std::to_string(spec.dim) + " is not divisible by " + std::to_string(spec.heads) + " heads",
            "Choose a width that is a multiple of the number of heads.");
    require(spec.headDim() % 2 == 0, spec, "head width " + std::to_string(spec.headDim()) + " is odd",
            "Rotary embedding turns channel pairs, so width / heads must be even.");
    require(spec.imageSize % spec.patchSize == 0, spec,
            "image size " + std::to_string(spec.imageSize) + " is not a multiple of patch size " +
                std::to_string(spec.patchSize),
            "Use an image size that is a multiple of " + std::to_string(spec.patchSize) + ".");
    require(spec.grid() <= 1024, spec, "the patch grid is " + std::to_string(spec.grid()) + " wide",
            "Use at most 1024 patches a side.");
    require(spec.ropeTheta > 0 && spec.normEps >= 0, spec, "ropeTheta must be positive and normEps not negative",
            "The published values are 10000 and 1e-6.");
    require(spec.alpha >= 0 && spec.alpha <= 1, spec,
            "soft-mask rate " + std::to_string(spec.alpha) + " is outside 0 to 1", "1 is bidirectional, 0 is causal.");
}

int swigluHidden(int dim, double ratio) {
    const int wanted = static_cast<int>(2 * (dim * ratio) / 3);
    return 256 * ((wanted + 255) / 256);
}

}  // namespace vl
