// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/swiglu.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include "engine/ops/cpu/dispatch.h"
#include "engine/ops/cpu/kernels.h"

namespace vl {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kSwigluGrain = 16384;

at::Tensor swigluForward(const at::Tensor& gate, const at::Tensor& value) {
    at::Tensor out = at::empty_like(gate);
    const float* g = gate.const_data_ptr<float>();
    const float* v = value.const_data_ptr<float>();
    float* o = out.data_ptr<float>();
    at::parallel_for(0, gate.numel(), kSwigluGrain, [&](std::int64_t begin, std::int64_t end) {
        cpu::kernels().swigluForward(end - begin, g + begin, v + begin, o + begin);
    });
    return out;
}

struct SwigluFunction : torch::autograd::Function<SwigluFunction> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& gate, const at::Tensor& value) {
        context->save_for_backward({gate, value});
        return swigluForward(gate, value);
    }
    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor dOut = gradients[0].contiguous();
        at::Tensor dGate = at::empty_like(dOut), dValue = at::empty_like(dOut);
        const float* gate = saved[0].const_data_ptr<float>();
        const float* value = saved[1].const_data_ptr<float>();
        const float* d = dOut.const_data_ptr<float>();
        float* dg = dGate.data_ptr<float>();
        float* dv = dValue.data_ptr<float>();
        at::parallel_for(0, dOut.numel(), kSwigluGrain, [&](std::int64_t begin, std::int64_t end) {
            cpu::kernels().swigluBackward(end - begin, gate + begin, value + begin, d + begin, dg + begin, dv + begin);
        });
        return {dGate, dValue};
    }
};

}  // namespace

at::Tensor swiglu(const at::Tensor& gate, const at::Tensor& value) {
    if (!cpu::kernelsApply({gate, value}) || gate.sizes() != value.sizes()) return swigluReference(gate, value);
    if (!cpu::recordsGradient({gate, value})) return swigluForward(gate, value);
    return SwigluFunction::apply(gate, value);
}

}  // namespace vl
