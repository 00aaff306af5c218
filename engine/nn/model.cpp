// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/model.h"

#include <ATen/core/grad_mode.h>

#include "engine/core/error.h"

namespace vl {

void Model::setSoftMask(double alpha) {
    if (alpha == 1) return;
    throw Error(ErrorCode::Usage, "Model '" + spec().name + "' has no soft mask, so its rate can only be 1.",
                "Leave the rate out, or choose an iLLaMA model.");
}

AttentionGeometry wholeGridGeometry(const ModelSpec& spec) {
    AttentionGeometry geometry;
    geometry.queryRows = geometry.queryCols = geometry.keyRows = geometry.keyCols = spec.grid();
    geometry.tokens = spec.tokens();
    if (spec.classToken != ClassToken::None)
        geometry.classTokenIndex = spec.classToken == ClassToken::First ? 0 : spec.tokens() - 1;
    geometry.firstPatchToken = spec.classToken == ClassToken::First ? 1 : 0;
    return geometry;
}

void moveParameters(Model& model, at::Device device, at::ScalarType type) {
    const at::NoGradGuard noGrad;
    for (Parameter& parameter : model.parameters()) {
        const bool floating = at::isFloatingType(parameter.tensor.scalar_type());
        parameter.tensor.set_data(parameter.tensor.to(device, floating ? type : parameter.tensor.scalar_type()));
    }
}

}  // namespace vl
