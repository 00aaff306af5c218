// SPDX-License-Identifier: Apache-2.0
#include "engine/models/mask_noise.h"

#include <ATen/ops/empty.h>

#include "engine/core/random.h"

namespace vl {

at::Tensor drawMaskNoise(std::int64_t batch, std::int64_t patches, const ForwardOptions& options) {
    constexpr std::uint64_t kMaskStream = 0x4D41534Bull;  // "MASK"; apart from other draws of the same step
    const RandomStream perStep(options.seed, kMaskStream);
    const RandomStream stream(perStep.bits(static_cast<std::uint64_t>(options.step)), kMaskStream);
    at::Tensor noise = at::empty({batch, patches}, at::kDouble);
    double* out = noise.data_ptr<double>();
    for (std::int64_t i = 0; i < noise.numel(); ++i)
        out[i] = stream.uniform(static_cast<std::uint64_t>(options.firstSample * patches + i));
    return noise;
}

}  // namespace vl
