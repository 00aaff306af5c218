// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/solo_chain.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>

namespace vl {

SamplerState SoloChain::part(std::size_t i) const {
    const auto at = static_cast<std::int64_t>(i);
    SamplerState state;
    state.step = state_.step;
    state.x = state_.x.narrow(0, at, 1);
    if (state_.clean.defined()) state.clean = state_.clean.narrow(0, at, 1);
    for (const at::Tensor& memory : state_.memory)
        state.memory.push_back(memory.select(0, at));
    const std::size_t each = state_.numbers.size() / chains_.size();
    for (std::size_t k = 0; k < each; ++k)
        state.numbers.push_back(state_.numbers[i * each + k]);
    return state;
}

void SoloChain::advance() {
    std::vector<at::Tensor> x, clean;
    std::vector<std::vector<at::Tensor>> memory;
    SamplerState next;
    for (std::size_t i = 0; i < chains_.size(); ++i) {
        chains_[i]->restore(part(i));
        chains_[i]->step();
        const SamplerState& state = chains_[i]->state();
        x.push_back(state.x);
        clean.push_back(state.clean);
        next.numbers.insert(next.numbers.end(), state.numbers.begin(), state.numbers.end());
        memory.resize(state.memory.size());
        for (std::size_t k = 0; k < memory.size(); ++k)
            memory[k].push_back(state.memory[k]);
    }
    for (const std::vector<at::Tensor>& slot : memory)
        next.memory.push_back(at::stack(slot));
    next.step = state_.step;
    next.x = at::cat(x);
    next.clean = at::cat(clean);
    state_ = std::move(next);
}

}  // namespace vl
