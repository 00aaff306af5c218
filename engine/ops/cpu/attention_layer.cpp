// SPDX-License-Identifier: Apache-2.0
#include "engine/ops/cpu/attention_layer.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include "engine/ops/cpu/dispatch.h"
#include "engine/ops/cpu/kernels.h"

namespace vl::cpu {
namespace {

AttentionArgs argsOf(const AttentionInputs& inputs) {
    AttentionArgs args;
    args.keys = inputs.keysValues.size(1);
    args.queries = inputs.queries;
    args.firstQuery = inputs.firstQuery;
    args.headDim = inputs.width / inputs.options.heads;
    args.alpha = static_cast<float>(inputs.options.alpha);
    args.cosine = inputs.cosinePairs.const_data_ptr<float>();
    args.sine = inputs.sinePairs.const_data_ptr<float>();
    args.qStride = inputs.q.stride(1);
    args.kvStride = inputs.keysValues.stride(1);
    args.outStride = inputs.width;
    return args;
}

struct Position {
    std::int64_t batch, head;
};

AttentionHead headAt(const AttentionInputs& inputs, const AttentionOutputs& outputs, const AttentionArgs& args,
                     Position at) {
    const std::int64_t channel = at.head * args.headDim;
    const float* keysValues =
        inputs.keysValues.const_data_ptr<float>() + at.batch * inputs.keysValues.stride(0) + channel;
    AttentionHead head;
    head.q = inputs.q.const_data_ptr<float>() + at.batch * inputs.q.stride(0) + channel;
    head.k = keysValues + inputs.kOffset;
    head.v = keysValues + inputs.vOffset;
    head.out = outputs.out.data_ptr<float>() + at.batch * outputs.out.stride(0) + channel;
    if (outputs.logSumExp.defined()) {
        head.logSumExp =
            outputs.logSumExp.data_ptr<float>() + (at.batch * inputs.options.heads + at.head) * args.queries;
    }
    return head;
}

}  // namespace

AttentionOutputs attentionForward(const AttentionInputs& inputs, bool forBackward) {
    const AttentionArgs args = argsOf(inputs);
    const std::int64_t batch = inputs.q.size(0), heads = inputs.options.heads;
    AttentionOutputs outputs{at::empty({batch, inputs.queries, inputs.width}, inputs.q.options()), {}};
    if (forBackward) outputs.logSumExp = at::empty({batch, heads, inputs.queries}, inputs.q.options());
    const std::size_t floats = kernels().attentionScratch(args, false);
    at::parallel_for(0, batch * heads, 1, [&](std::int64_t begin, std::int64_t end) {
        float* scratch = threadScratch(floats);
        for (std::int64_t i = begin; i < end; ++i) {
            kernels().attentionForward(args, headAt(inputs, outputs, args, {i / heads, i % heads}), scratch);
        }
    });
    return outputs;
}

void attentionBackward(const AttentionInputs& inputs, const AttentionOutputs& outputs, const at::Tensor& dOut,
                       at::Tensor& dQ, at::Tensor& dKeysValues) {
    const AttentionArgs args = argsOf(inputs);
    const std::int64_t batch = inputs.q.size(0), heads = inputs.options.heads;
    const std::size_t floats = kernels().attentionScratch(args, true);
    at::parallel_for(0, batch * heads, 1, [&](std::int64_t begin, std::int64_t end) {
        float* scratch = threadScratch(floats);
        for (std::int64_t i = begin; i < end; ++i) {
            const Position at{i / heads, i % heads};
            const std::int64_t channel = at.head * args.headDim;
            float* keysValues = dKeysValues.data_ptr<float>() + at.batch * dKeysValues.stride(0) + channel;
            AttentionHeadGradient gradient;
            gradient.out = dOut.const_data_ptr<float>() + at.batch * dOut.stride(0) + channel;
            gradient.q = dQ.data_ptr<float>() + at.batch * dQ.stride(0) + channel;
            gradient.k = keysValues + inputs.kOffset;
            gradient.v = keysValues + inputs.vOffset;
            kernels().attentionBackward(args, headAt(inputs, outputs, args, at), gradient, scratch);
        }
    });
}

}  // namespace vl::cpu
