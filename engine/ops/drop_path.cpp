// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/drop_path.h"

#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include "engine/core/random.h"

namespace vl {
namespace {

constexpr std::uint64_t kDropPathStream =
    0x64726F7070617468ull;  // "droppath": keeps it apart from other users of the seed

}  // namespace

at::Tensor dropPathFactors(std::int64_t batch, double rate, const DropPathKey& key) {
    at::Tensor factors = at::empty({batch}, at::kFloat);
    float* out = factors.data_ptr<float>();
    const RandomStream stream(key.seed, kDropPathStream);
    const double keep = 1 - rate;
    // step, layer, branch and sample each own their bits of the counter: 20 bits of samples, 1 of branch, 11 of layer.
    const std::uint64_t base = (static_cast<std::uint64_t>(key.step) << 32) |
                               (static_cast<std::uint64_t>(key.layer) << 21) |
                               (static_cast<std::uint64_t>(key.branch) << 20) | static_cast<std::uint64_t>(key.firstSample);
    for (std::int64_t b = 0; b < batch; ++b) {
        const bool kept = stream.uniform(base + static_cast<std::uint64_t>(b)) < keep;
        out[b] = kept ? static_cast<float>(1 / keep) : 0.0f;
    }
    return factors;
}

at::Tensor dropPath(const at::Tensor& branch, double rate, const DropPathKey& key) {
    if (rate <= 0) return branch;
    std::vector<std::int64_t> shape(static_cast<std::size_t>(branch.dim()), 1);
    shape[0] = branch.size(0);
    return branch * dropPathFactors(branch.size(0), rate, key).to(branch.options()).view(shape);
}

double dropPathRate(double rate, int layer, int depth) { return depth > 1 ? rate * layer / (depth - 1) : 0; }

}  // namespace vl
