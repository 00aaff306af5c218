// SPDX-License-Identifier: Apache-2.0
#include "engine/api/families.h"

#include <array>

#include "engine/core/error.h"

namespace vl {

std::span<const Family> modelFamilies() {
    static const std::array families{kIllamaFamily,    kPlainFamily,    kPyramidFamily,          kVitFamily,
                                     kTwinsFamily,     kMaskedFamily,   kMaskedClassifierFamily, kDitLlamaFamily,
                                     kSitLlamaFamily,  kDitFamily,      kSitFamily,              kUperNetFamily,
                                     kMaskRcnnFamily,  kAutoencoderFamily};
    return families;
}

const Family* findFamily(std::string_view name) {
    for (const Family& family : modelFamilies()) {
        if (family.name == name) return &family;
    }
    return nullptr;
}

void requireSpec(bool condition, const ModelSpec& spec, const std::string& problem, const std::string& hint) {
    if (!condition) throw Error(ErrorCode::Usage, "Model '" + spec.name + "': " + problem + ".", hint);
}

namespace cost {

LayerCost linear(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t tokens, bool bias) {
    return {name, in * out + (bias ? out : 0), tokens * in * out};
}

LayerCost norm(const std::string& name, std::int64_t dim, int affine) { return {name, affine * dim, 0}; }

LayerCost conv(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t outputs,
               bool bias) {
    const std::int64_t weights = in * out * kernel * kernel;
    return {name, weights + (bias ? out : 0), weights * outputs};
}

LayerCost attention(const std::string& name, std::int64_t dim, std::int64_t tokens, std::int64_t keys) {
    return {name, 4 * dim * dim + 4 * dim, 4 * tokens * dim * dim + 2 * tokens * keys * dim};
}

LayerCost swiglu(const std::string& name, std::int64_t dim, std::int64_t hidden, std::int64_t tokens, bool bias) {
    return {name, 3 * dim * hidden + (bias ? 2 * hidden + dim : 0), 3 * tokens * dim * hidden};
}

}  // namespace cost

}  // namespace vl
