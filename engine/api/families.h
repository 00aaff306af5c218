// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/model_spec.h"

namespace vl {

/// One model family: its presets, what its sizes must satisfy and what its layers cost. One file each
/// (family_<name>.cpp); the code that computes with torch is in engine/models/<name>.cpp.
struct Family {
    std::string_view name;
    std::string_view title;  ///< "Pyramid VisionLLaMA"
    ModelTask task;
    std::vector<ModelSpec> (*presets)();
    void (*check)(const ModelSpec& spec);  ///< beyond what validate() asks of every family; throws Error(Usage)
    std::vector<LayerCost> (*costs)(const ModelSpec& spec);
};

/// In the order lists show them.
std::span<const Family> modelFamilies();
/// nullptr: unknown.
const Family* findFamily(std::string_view name);

extern const Family kIllamaFamily, kPlainFamily, kPyramidFamily, kVitFamily, kTwinsFamily, kMaskedFamily,
    kMaskedClassifierFamily, kDitLlamaFamily, kSitLlamaFamily, kDitFamily, kSitFamily, kUperNetFamily, kMaskRcnnFamily,
    kAutoencoderFamily;

/// Throws Error(Usage) naming the model when `condition` does not hold. For the families' checks.
void requireSpec(bool condition, const ModelSpec& spec, const std::string& problem, const std::string& hint);

/// Costs of common parts, for the families' tables. `tokens` are those the part runs on.
namespace cost {
LayerCost linear(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t tokens, bool bias = true);
/// weight and bias (`affine` 2), weight alone (1) or nothing (0); norms count no multiply-accumulates.
LayerCost norm(const std::string& name, std::int64_t dim, int affine = 2);
/// Any convolution: outputs is the number of output pixels.
LayerCost conv(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t outputs,
               bool bias = true);
/// qkv and proj with bias and both products over `keys` keys.
LayerCost attention(const std::string& name, std::int64_t dim, std::int64_t tokens, std::int64_t keys);
/// Three matrices, with biases when `bias`.
LayerCost swiglu(const std::string& name, std::int64_t dim, std::int64_t hidden, std::int64_t tokens, bool bias = false);
}  // namespace cost

}  // namespace vl
