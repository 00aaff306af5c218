// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/linear.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include "engine/ops/cpu/dispatch.h"
#include "engine/ops/cpu/kernels.h"

namespace vl {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Shares `count` rows out in whole register tiles, one piece a thread.
template <class Body>
void forRowPieces(std::int64_t count, const Body& body) {
    const std::int64_t tile = cpu::kernels().gemmRows, tiles = (count + tile - 1) / tile;
    at::parallel_for(0, tiles, 1,
                     [&](std::int64_t begin, std::int64_t end) { body(begin * tile, std::min(count, end * tile)); });
}

at::Tensor linearForward(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    const std::int64_t outputs = weight.size(0), depth = weight.size(1), rows = x.numel() / depth;
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = outputs;
    at::Tensor y = at::empty(shape, x.options());
    const std::int64_t columns = cpu::kernels().panelColumns, panels = (outputs + columns - 1) / columns;
    at::Tensor packed = at::empty({panels * columns * depth}, x.options());
    const float* w = weight.const_data_ptr<float>();
    float* packedData = packed.data_ptr<float>();
    at::parallel_for(0, panels, 1, [&](std::int64_t begin, std::int64_t end) {
        cpu::kernels().packPanels(w, outputs, depth, {begin, end}, packedData);
    });
    cpu::GemmArgs whole;
    whole.n = outputs;
    whole.k = depth;
    whole.a = x.const_data_ptr<float>();
    whole.aRow = depth;
    whole.aDepth = 1;
    whole.b = packedData;
    whole.layout = cpu::RightMatrix::Panels;
    whole.c = y.data_ptr<float>();
    whole.cRow = outputs;
    whole.bias = bias.defined() ? bias.const_data_ptr<float>() : nullptr;
    forRowPieces(rows, [&](std::int64_t begin, std::int64_t end) {
        cpu::GemmArgs piece = whole;
        piece.m = end - begin;
        piece.a += begin * depth;
        piece.c += begin * outputs;
        cpu::kernels().gemm(piece);
    });
    return y;
}

/// dX = dY W.
at::Tensor inputGradient(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& weight) {
    const std::int64_t outputs = weight.size(0), depth = weight.size(1), rows = x.numel() / depth;
    at::Tensor dx = at::empty_like(x);
    cpu::GemmArgs whole;
    whole.n = depth;
    whole.k = outputs;
    whole.a = dy.const_data_ptr<float>();
    whole.aRow = outputs;
    whole.aDepth = 1;
    whole.b = weight.const_data_ptr<float>();
    whole.bRow = depth;
    whole.c = dx.data_ptr<float>();
    whole.cRow = depth;
    forRowPieces(rows, [&](std::int64_t begin, std::int64_t end) {
        cpu::GemmArgs piece = whole;
        piece.m = end - begin;
        piece.a += begin * outputs;
        piece.c += begin * depth;
        cpu::kernels().gemm(piece);
    });
    return dx;
}

/// dW = dY^T X: each thread owns rows of dW, so there is nothing to add up between threads.
at::Tensor weightGradient(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& weight) {
    const std::int64_t outputs = weight.size(0), depth = weight.size(1), rows = x.numel() / depth;
    at::Tensor dWeight = at::empty_like(weight);
    cpu::GemmArgs whole;
    whole.n = depth;
    whole.k = rows;
    whole.a = dy.const_data_ptr<float>();
    whole.aRow = 1;
    whole.aDepth = outputs;
    whole.b = x.const_data_ptr<float>();
    whole.bRow = depth;
    whole.c = dWeight.data_ptr<float>();
    whole.cRow = depth;
    forRowPieces(outputs, [&](std::int64_t begin, std::int64_t end) {
        cpu::GemmArgs piece = whole;
        piece.m = end - begin;
        piece.a += begin;
        piece.c += begin * depth;
        cpu::kernels().gemm(piece);
    });
    return dWeight;
}

at::Tensor biasGradient(const at::Tensor& dy, std::int64_t outputs) {
    const std::int64_t rows = dy.numel() / outputs;
    const std::int64_t tasks = std::max<std::int64_t>(1, std::min<std::int64_t>(at::get_num_threads(), rows / 64));
    at::Tensor partial = at::zeros({tasks, outputs}, dy.options());
    float* sums = partial.data_ptr<float>();
    const float* data = dy.const_data_ptr<float>();
    at::parallel_for(0, tasks, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t task = begin; task < end; ++task) {
            cpu::kernels().addColumnSums({rows * task / tasks, rows * (task + 1) / tasks}, outputs, data,
                                         sums + task * outputs);
        }
    });
    return partial.sum(0);
}

struct LinearFunction : torch::autograd::Function<LinearFunction> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                              const std::optional<at::Tensor>& bias) {
        context->save_for_backward({x, weight});
        context->saved_data["bias"] = bias.has_value();
        return linearForward(x, weight, bias.value_or(at::Tensor()));
    }
    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &weight = saved[1];
        const at::Tensor dy = gradients[0].contiguous();
        return {context->needs_input_grad(0) ? inputGradient(dy, x, weight) : at::Tensor(),
                context->needs_input_grad(1) ? weightGradient(dy, x, weight) : at::Tensor(),
                context->saved_data["bias"].toBool() ? biasGradient(dy, weight.size(0)) : at::Tensor()};
    }
};

}  // namespace

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    // Without vector instructions the library's product is the better one.
    const bool fits = cpu::kernels().panelColumns >= 16 && cpu::kernelsApply({x, weight}) && x.numel() > 0 &&
                      (!bias.defined() || cpu::kernelsApply({bias}));
    const std::optional<at::Tensor> given = bias.defined() ? std::optional<at::Tensor>(bias) : std::nullopt;
    if (!fits) return at::linear(x, weight, given);
    const bool records = cpu::recordsGradient({x, weight}) || (bias.defined() && cpu::recordsGradient({bias}));
    return records ? LinearFunction::apply(x, weight, given) : linearForward(x, weight, bias);
}

}  // namespace vl
