// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/sampler.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>

#include "engine/core/error.h"

namespace vl {

void Sampler::step() {
    if (done())
        throw Error(ErrorCode::Usage, "The chain is done after " + std::to_string(steps()) + " steps.",
                    "Start another one.");
    const at::NoGradGuard noGrad;
    advance();
    ++state_.step;
}

void Sampler::restore(SamplerState state) {
    const bool fits = state.x.defined() && state.x.sizes() == state_.x.sizes() && state.step >= 0 &&
                      state.step <= steps() && (state.step == 0 || state.memory.size() <= 16);
    if (!fits)
        throw Error(ErrorCode::Mismatch, "The saved state does not belong to this chain.",
                    "Make the sampler with the settings the state was saved with.");
    state_ = std::move(state);
}

const at::Tensor& Sampler::finish() {
    while (!done())
        step();
    return state_.x;
}

at::Tensor Sampler::call(const at::Tensor& x, double time) const {
    return model_(x, at::full({x.size(0)}, time, at::kFloat));
}

}  // namespace vl
