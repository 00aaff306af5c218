// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/soft_mask_attention.h"

#include <ATen/ops/empty_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include "engine/ops/cpu/attention_layer.h"
#include "engine/ops/cpu/dispatch.h"

namespace vl {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

cpu::AttentionInputs wholeSequence(const at::Tensor& qkv, const RopeTable& table, const SoftMaskOptions& options) {
    const std::int64_t width = qkv.size(2) / 3;
    return {qkv, qkv, width, 2 * width, 0, qkv.size(1), width, options, table.cosinePairs, table.sinePairs};
}

cpu::AttentionInputs oneQuery(const at::Tensor& q, const at::Tensor& kv, const RopeTable& table,
                              const SoftMaskOptions& options, std::int64_t position) {
    return {q, kv, 0, q.size(2), position, 1, q.size(2), options, table.cosinePairs, table.sinePairs};
}

RopeTable tableOf(const at::Tensor& cosinePairs, const at::Tensor& sinePairs) {
    return {{}, {}, cosinePairs, sinePairs};
}

void remember(AutogradContext* context, const SoftMaskOptions& options) {
    context->saved_data["heads"] = options.heads;
    context->saved_data["alpha"] = options.alpha;
}

SoftMaskOptions remembered(AutogradContext* context) {
    return {context->saved_data["heads"].toInt(), context->saved_data["alpha"].toDouble()};
}

struct WholeSequenceFunction : torch::autograd::Function<WholeSequenceFunction> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& qkv, const RopeTable& table,
                              const SoftMaskOptions& options) {
        cpu::AttentionOutputs outputs = cpu::attentionForward(wholeSequence(qkv, table, options), true);
        context->save_for_backward({qkv, table.cosinePairs, table.sinePairs, outputs.out, outputs.logSumExp});
        remember(context, options);
        return outputs.out;
    }
    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        at::Tensor dQkv = at::empty_like(saved[0]);
        cpu::attentionBackward(wholeSequence(saved[0], tableOf(saved[1], saved[2]), remembered(context)),
                               {saved[3], saved[4]}, gradients[0].contiguous(), dQkv, dQkv);
        return {dQkv, {}, {}};
    }
};

struct OneQueryFunction : torch::autograd::Function<OneQueryFunction> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& q, const at::Tensor& kv,
                              const RopeTable& table, const SoftMaskOptions& options, std::int64_t position) {
        cpu::AttentionOutputs outputs = cpu::attentionForward(oneQuery(q, kv, table, options, position), true);
        context->save_for_backward({q, kv, table.cosinePairs, table.sinePairs, outputs.out, outputs.logSumExp});
        context->saved_data["position"] = position;
        remember(context, options);
        return outputs.out;
    }
    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        at::Tensor dQ = at::empty_like(saved[0]), dKv = at::empty_like(saved[1]);
        const cpu::AttentionInputs inputs = oneQuery(saved[0], saved[1], tableOf(saved[2], saved[3]),
                                                     remembered(context), context->saved_data["position"].toInt());
        cpu::attentionBackward(inputs, {saved[4], saved[5]}, gradients[0].contiguous(), dQ, dKv);
        return {dQ, dKv, {}, {}, {}};
    }
};

}  // namespace

at::Tensor softMaskAttention(const at::Tensor& qkv, const RopeTable& table, const SoftMaskOptions& options) {
    if (!cpu::kernelsApply({qkv}) || !isPlain(table, qkv.size(2) / 3 / options.heads))
        return softMaskAttentionReference(qkv, table, options);
    if (!cpu::recordsGradient({qkv})) return cpu::attentionForward(wholeSequence(qkv, table, options), false).out;
    return WholeSequenceFunction::apply(qkv, table, options);
}

at::Tensor softMaskAttentionOneQuery(const at::Tensor& q, const at::Tensor& kv, const RopeTable& table,
                                     const SoftMaskOptions& options, std::int64_t position) {
    if (!cpu::kernelsApply({q, kv}) || !isPlain(table, q.size(2) / options.heads))
        return softMaskAttentionOneQueryReference(q, kv, table, options, position);
    if (!cpu::recordsGradient({q, kv}))
        return cpu::attentionForward(oneQuery(q, kv, table, options, position), false).out;
    return OneQueryFunction::apply(q, kv, table, options, position);
}

}  // namespace vl
