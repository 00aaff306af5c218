// SPDX-License-Identifier: Apache-2.0
#include "engine/core/error.h"
#include "engine/models/families.h"

namespace vl {

std::unique_ptr<Model> makeMaskRcnn(const ModelSpec& spec) {
    throw Error(ErrorCode::Unsupported, "Model '" + spec.name + "' is not built yet.", "Choose another model.");
}

}  // namespace vl
