// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/vision_blocks.h"

namespace vl {
namespace {

DropPathKey drop(const BlockContext& context, int layer, int branch) {
    return dropPathKey(context.options, layer, branch);
}

double acting(double rate, const BlockContext& context) { return context.options.training ? rate : 0; }

at::Tensor told(const at::Tensor& out, int layer, const BlockContext& context) {
    if (context.options.probe) context.options.probe->blockOutput(layer, out);
    return out;
}

}  // namespace

VisionLlamaBlock::VisionLlamaBlock(ParameterList& parameters, const std::string& prefix, int layer,
                                   const ModelSpec& spec)
    : layer_(layer),
      scales_(parameters, prefix, spec.dim, spec.layerScale),
      norm1_(parameters, prefix + ".norm1", spec.dim, spec.normEps),
      norm2_(parameters, prefix + ".norm2", spec.dim, spec.normEps),
      attention_(parameters, prefix + ".attn", spec.dim, spec.heads),
      mlp_(parameters, prefix + ".mlp", spec.dim, spec.ffnHidden, SwiGluNaming::CFc) {}

at::Tensor VisionLlamaBlock::finish(const at::Tensor& x, const at::Tensor& attended, double rate,
                                    const BlockContext& context) const {
    const double now = acting(rate, context);
    const at::Tensor middle = addBranch(x, attended, scales_.gamma1, now, drop(context, layer_, 0));
    return addBranch(middle, mlp_(norm2_(middle)), scales_.gamma2, now, drop(context, layer_, 1));
}

at::Tensor VisionLlamaBlock::forward(const at::Tensor& x, double rate, const BlockContext& context) const {
    return told(finish(x, attention_.forward(norm1_(x), layer_, context), rate, context), layer_, context);
}

at::Tensor VisionLlamaBlock::forwardToken(const at::Tensor& x, std::int64_t token, double rate,
                                          const BlockContext& context) const {
    const at::Tensor attended = attention_.forwardToken(norm1_(x), token, context);
    return finish(x.narrow(1, token, 1).contiguous(), attended, rate, context);
}

VitBlock::VitBlock(ParameterList& parameters, const std::string& prefix, int layer, const ModelSpec& spec)
    : layer_(layer),
      norm1_(parameters, prefix + ".norm1", spec.dim, spec.normEps),
      attention_(parameters, prefix + ".attn", spec.dim, spec.heads),
      norm2_(parameters, prefix + ".norm2", spec.dim, spec.normEps),
      mlp_(parameters, prefix + ".mlp", spec.dim, spec.ffnHidden, /*tanhForm=*/false, {}) {}

at::Tensor VitBlock::finish(const at::Tensor& x, const at::Tensor& attended, double rate,
                            const BlockContext& context) const {
    const double now = acting(rate, context);
    const at::Tensor middle = addBranch(x, attended, {}, now, drop(context, layer_, 0));
    return addBranch(middle, mlp_(norm2_(middle)), {}, now, drop(context, layer_, 1));
}

at::Tensor VitBlock::forward(const at::Tensor& x, double rate, const BlockContext& context) const {
    return told(finish(x, attention_.forward(norm1_(x), layer_, context), rate, context), layer_, context);
}

at::Tensor VitBlock::forwardToken(const at::Tensor& x, std::int64_t token, double rate,
                                  const BlockContext& context) const {
    const at::Tensor attended = attention_.forwardToken(norm1_(x), token, context);
    return finish(x.narrow(1, token, 1).contiguous(), attended, rate, context);
}

}  // namespace vl
