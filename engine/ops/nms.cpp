// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/nms.h"

#include <algorithm>
#include <map>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/ops/argsort.h>
#include <ATen/ops/empty.h>

namespace vl {
namespace {

struct Box {
    float x1, y1, x2, y2;
    float area() const { return (x2 - x1) * (y2 - y1); }
};

float overlap(const Box& a, const Box& b) {
    const float width = std::max(0.0f, std::min(a.x2, b.x2) - std::max(a.x1, b.x1));
    const float height = std::max(0.0f, std::min(a.y2, b.y2) - std::max(a.y1, b.y1));
    const float shared = width * height;
    return shared / (a.area() + b.area() - shared);
}

/// `members`: positions in `boxes` of one group, best first. Marks the dropped ones.
void suppress(const Box* boxes, const std::vector<std::int64_t>& members, float threshold, char* dropped) {
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (dropped[members[i]]) continue;
        const Box& best = boxes[members[i]];
        for (std::size_t j = i + 1; j < members.size(); ++j) {
            if (!dropped[members[j]] && overlap(best, boxes[members[j]]) > threshold) dropped[members[j]] = 1;
        }
    }
}

}  // namespace

at::Tensor nms(const at::Tensor& boxes, const at::Tensor& scores, double threshold, const at::Tensor& groups) {
    static_assert(sizeof(Box) == 4 * sizeof(float));
    const at::Tensor list = boxes.detach().to(at::kCPU, at::kFloat).contiguous();
    const at::Tensor order =
        at::argsort(scores.detach().to(at::kCPU), /*stable=*/true, /*dim=*/0, /*descending=*/true).contiguous();
    const at::Tensor group = groups.defined() ? groups.detach().to(at::kCPU, at::kLong).contiguous() : at::Tensor();
    const auto* ranked = order.const_data_ptr<std::int64_t>();
    std::map<std::int64_t, std::vector<std::int64_t>> members;
    for (std::int64_t i = 0; i < order.numel(); ++i)
        members[group.defined() ? group.const_data_ptr<std::int64_t>()[ranked[i]] : 0].push_back(ranked[i]);
    std::vector<const std::vector<std::int64_t>*> work;
    for (const auto& [key, indices] : members)
        work.push_back(&indices);
    std::vector<char> dropped(static_cast<std::size_t>(order.numel()), 0);
    const auto* box = reinterpret_cast<const Box*>(list.const_data_ptr<float>());
    at::parallel_for(0, static_cast<std::int64_t>(work.size()), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t g = begin; g < end; ++g)
            suppress(box, *work[static_cast<std::size_t>(g)], static_cast<float>(threshold), dropped.data());
    });
    std::vector<std::int64_t> kept;
    for (std::int64_t i = 0; i < order.numel(); ++i) {
        if (!dropped[static_cast<std::size_t>(ranked[i])]) kept.push_back(ranked[i]);
    }
    at::Tensor out = at::empty({static_cast<std::int64_t>(kept.size())}, at::kLong);
    std::copy(kept.begin(), kept.end(), out.data_ptr<std::int64_t>());
    return out.to(boxes.device());
}

}  // namespace vl
