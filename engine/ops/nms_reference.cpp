// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/argsort.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include "engine/ops/nms.h"

namespace vl {

at::Tensor nmsReference(const at::Tensor& boxes, const at::Tensor& scores, double threshold, const at::Tensor& groups) {
    const at::Tensor order = at::argsort(scores, /*stable=*/true, /*dim=*/0, /*descending=*/true);
    const at::Tensor ranked = boxes.to(at::kFloat).index_select(0, order);
    const at::Tensor low = at::maximum(ranked.narrow(1, 0, 2).unsqueeze(1), ranked.narrow(1, 0, 2));
    const at::Tensor high = at::minimum(ranked.narrow(1, 2, 2).unsqueeze(1), ranked.narrow(1, 2, 2));
    const at::Tensor shared = (high - low).clamp_min(0).prod(2);
    const at::Tensor area = (ranked.narrow(1, 2, 2) - ranked.narrow(1, 0, 2)).prod(1);
    at::Tensor close = shared / (area.unsqueeze(1) + area - shared) > threshold;
    if (groups.defined()) {
        const at::Tensor group = groups.index_select(0, order);
        close = close & (group.unsqueeze(1) == group);
    }
    std::vector<at::Tensor> kept;
    at::Tensor dropped = at::zeros({order.numel()}, at::kBool);
    for (std::int64_t i = 0; i < order.numel(); ++i) {
        if (dropped[i].item<bool>()) continue;
        kept.push_back(order[i]);
        dropped = dropped | close[i];
    }
    return kept.empty() ? order : at::stack(kept);
}

}  // namespace vl
