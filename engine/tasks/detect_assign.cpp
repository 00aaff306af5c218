// SPDX-License-Identifier: Apache-2.0
#include "engine/tasks/detect_assign.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include "engine/core/random.h"
#include "engine/tasks/detect_boxes.h"

namespace vl {
namespace {

constexpr std::int64_t kNegative = -1, kIgnored = -2;

/// `count` of `indices`, rising; all when there are fewer. A partial Fisher-Yates shuffle.
at::Tensor choose(const at::Tensor& indices, std::int64_t count, const RandomStream& random) {
    if (indices.numel() <= count) return indices;
    const at::Tensor list = indices.to(at::kCPU).contiguous();
    std::vector<std::int64_t> pool(list.const_data_ptr<std::int64_t>(),
                                   list.const_data_ptr<std::int64_t>() + list.numel());
    for (std::int64_t i = 0; i < count; ++i) {
        const auto rest = static_cast<std::uint64_t>(list.numel() - i);
        const auto other = i + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(i), rest));
        std::swap(pool[static_cast<std::size_t>(i)], pool[static_cast<std::size_t>(other)]);
    }
    std::sort(pool.begin(), pool.begin() + count);
    at::Tensor chosen = at::empty({count}, at::kLong);
    std::copy_n(pool.begin(), count, chosen.data_ptr<std::int64_t>());
    return chosen.to(indices.device());
}

}  // namespace

Assignment assignBoxes(const at::Tensor& boxes, const at::Tensor& objects, const AssignRule& rule) {
    const std::int64_t count = boxes.size(0);
    if (objects.size(0) == 0 || count == 0) {
        return {at::full({count}, kNegative, boxes.options().dtype(at::kLong)), at::zeros({count}, boxes.options())};
    }
    const at::Tensor overlaps = boxOverlaps(objects, boxes);  // [m, n]
    const auto [best, owner] = overlaps.max(0);
    at::Tensor object = at::full({count}, kIgnored, owner.options());
    object = at::where(best < rule.negative, at::full({}, kNegative, owner.options()), object);
    object = at::where(best >= rule.positive, owner, object);
    const at::Tensor bestOfObject = overlaps.amax(1);
    for (std::int64_t i = 0; i < objects.size(0); ++i) {
        if (bestOfObject[i].item<float>() >= static_cast<float>(rule.lowQuality))
            object.masked_fill_(overlaps[i] == bestOfObject[i], i);
    }
    return {object, best};
}

Sample sampleBoxes(const Assignment& assignment, const SampleRule& rule, std::uint64_t seed) {
    const at::Tensor positive = at::nonzero(assignment.object >= 0).flatten();
    const at::Tensor negative = at::nonzero(assignment.object == kNegative).flatten();
    if (rule.count == 0) return {positive, negative};
    const auto share = static_cast<std::int64_t>(std::floor(static_cast<double>(rule.count) * rule.positiveShare));
    const at::Tensor chosen = choose(positive, share, RandomStream(seed, 0));
    return {chosen, choose(negative, rule.count - chosen.numel(), RandomStream(seed, 1))};
}

Assignment withObjects(const Assignment& assignment, std::int64_t objects) {
    return {at::cat({at::arange(objects, assignment.object.options()), assignment.object}),
            at::cat({at::ones({objects}, assignment.overlap.options()), assignment.overlap})};
}

}  // namespace vl
