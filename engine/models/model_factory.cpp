// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "engine/core/error.h"
#include "engine/models/illama.h"
#include "engine/nn/model.h"

namespace vl {
namespace {

struct Family {
    std::string_view name;
    std::unique_ptr<Model> (*make)(const ModelSpec&);
};

/// One row a family; a new family is one line here and one file beside this one.
constexpr std::array kFamilies{Family{"illama", makeIllama}};

}  // namespace

std::unique_ptr<Model> makeModel(const ModelSpec& spec) {
    for (const Family& family : kFamilies) {
        if (family.name == spec.family) return family.make(spec);
    }
    std::string known;
    for (const Family& family : kFamilies)
        known += (known.empty() ? "" : ", ") + std::string(family.name);
    throw Error(ErrorCode::Unsupported, "Model family '" + spec.family + "' is not built into this program.",
                "Known families: " + known + ".");
}

}  // namespace vl
