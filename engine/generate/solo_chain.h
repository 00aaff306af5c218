// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "engine/diffusion/sampler.h"

namespace vl {

/// Chains of one sample each behind the face of one chain, for methods whose steps would depend on the whole batch.
/// Its state is the batch of theirs: memory tensors are stacked, numbers follow each other.
class SoloChain final : public Sampler {
public:
    /// `start` holds the samples of all chains, [chains, C, H, W].
    SoloChain(std::vector<std::unique_ptr<Sampler>> chains, at::Tensor start)
        : Sampler({}, std::move(start)), chains_(std::move(chains)) {}
    int steps() const override { return chains_.front()->steps(); }
    NoiseLevel level(int i) const override { return chains_.front()->level(i); }

protected:
    void advance() override;

private:
    SamplerState part(std::size_t i) const;
    std::vector<std::unique_ptr<Sampler>> chains_;
};

}  // namespace vl
