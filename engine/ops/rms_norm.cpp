// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/rms_norm.h"

#include <algorithm>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include "engine/ops/cpu/dispatch.h"
#include "engine/ops/cpu/kernels.h"

namespace vl {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Rows per task: small enough to share out, large enough to hide the start of a task.
constexpr std::int64_t kNormGrain = 64;

struct Normed {
    at::Tensor sum, y, rstd;
};

/// `branch` may be undefined; then sum is x itself.
Normed normForward(const at::Tensor& x, const at::Tensor& branch, const at::Tensor& weight, double eps) {
    const std::int64_t width = x.size(-1), rows = x.numel() / width;
    Normed out{branch.defined() ? at::empty_like(x) : x, at::empty_like(x), at::empty({rows}, x.options())};
    const float* in = x.const_data_ptr<float>();
    const float* other = branch.defined() ? branch.const_data_ptr<float>() : nullptr;
    const float* scale = weight.const_data_ptr<float>();
    float* sum = branch.defined() ? out.sum.data_ptr<float>() : nullptr;
    float* y = out.y.data_ptr<float>();
    float* rstd = out.rstd.data_ptr<float>();
    at::parallel_for(0, rows, kNormGrain, [&](std::int64_t begin, std::int64_t end) {
        cpu::kernels().rmsNormForward({begin, end}, width, in, other, scale, eps, sum, y, rstd);
    });
    return out;
}

/// Gradients of x (+ dSum when defined) and weight. Partial weight sums are added in task order, so the result is
/// repeatable.
std::pair<at::Tensor, at::Tensor> normBackward(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& rstd,
                                               const at::Tensor& dy, const at::Tensor& dSum) {
    const std::int64_t width = x.size(-1), rows = x.numel() / width;
    const std::int64_t tasks =
        std::max<std::int64_t>(1, std::min<std::int64_t>(at::get_num_threads(), rows / kNormGrain));
    at::Tensor dx = at::empty_like(x), dWeight = at::zeros_like(weight);
    std::vector<float> partial(static_cast<std::size_t>(tasks * width), 0.0f);
    const float* extra = dSum.defined() ? dSum.const_data_ptr<float>() : nullptr;
    at::parallel_for(0, tasks, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t task = begin; task < end; ++task) {
            cpu::kernels().rmsNormBackward({rows * task / tasks, rows * (task + 1) / tasks}, width,
                                           x.const_data_ptr<float>(), weight.const_data_ptr<float>(),
                                           rstd.const_data_ptr<float>(), dy.const_data_ptr<float>(), extra,
                                           dx.data_ptr<float>(), partial.data() + task * width);
        }
    });
    float* total = dWeight.data_ptr<float>();
    for (std::int64_t task = 0; task < tasks; ++task) {
        for (std::int64_t i = 0; i < width; ++i)
            total[i] += partial[static_cast<std::size_t>(task * width + i)];
    }
    return {dx, dWeight};
}

struct RmsNormFunction : torch::autograd::Function<RmsNormFunction> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, double eps) {
        const Normed out = normForward(x, {}, weight, eps);
        context->save_for_backward({x, weight, out.rstd});
        return out.y;
    }
    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto [dx, dWeight] = normBackward(saved[0], saved[1], saved[2], gradients[0].contiguous(), {});
        return {dx, dWeight, {}};
    }
};

struct AddRmsNormFunction : torch::autograd::Function<AddRmsNormFunction> {
    static variable_list forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& branch,
                                 const at::Tensor& weight, double eps) {
        const Normed out = normForward(x, branch, weight, eps);
        context->save_for_backward({out.sum, weight, out.rstd});
        return {out.sum, out.y};
    }
    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor dSum = gradients[0].defined() ? gradients[0].contiguous() : at::Tensor();
        if (!gradients[1].defined()) return {dSum, dSum, at::zeros_like(saved[1]), {}};
        const auto [dx, dWeight] = normBackward(saved[0], saved[1], saved[2], gradients[1].contiguous(), dSum);
        return {dx, dx, dWeight, {}};
    }
};

}  // namespace

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps) {
    if (!cpu::kernelsApply({x, weight})) return rmsNormReference(x, weight, eps);
    if (!cpu::recordsGradient({x, weight})) return normForward(x, {}, weight, eps).y;
    return RmsNormFunction::apply(x, weight, eps);
}

std::pair<at::Tensor, at::Tensor> addRmsNorm(const at::Tensor& x, const at::Tensor& branch, const at::Tensor& weight,
                                             double eps) {
    if (!cpu::kernelsApply({x, branch, weight})) {
        at::Tensor sum = x + branch;
        return {sum, rmsNormReference(sum, weight, eps)};
    }
    if (!cpu::recordsGradient({x, branch, weight})) {
        const Normed out = normForward(x, branch, weight, eps);
        return {out.sum, out.y};
    }
    const variable_list out = AddRmsNormFunction::apply(x, branch, weight, eps);
    return {out[0], out[1]};
}

}  // namespace vl
