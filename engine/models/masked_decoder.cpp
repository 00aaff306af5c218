// SPDX-License-Identifier: Apache-2.0
#include "engine/models/masked_decoder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

namespace vl {

MaskedDecoder::MaskedDecoder(ParameterList& parameters, const std::string& prefix, const ModelSpec& spec) {
    const std::int64_t dim = spec.masked.decoderDim, patch = spec.patchSize;
    maskToken_ = parameters.add(prefix + "mask_token", {1, 1, dim});
    positions_ = parameters.addFrozen(prefix + "decoder_pos_embed", {1, spec.patches() + 1, dim});
    embed_ = std::make_unique<Linear>(parameters, prefix + "decoder_embed", spec.dim, dim);
    for (int i = 0; i < spec.masked.decoderDepth; ++i) {
        const std::string block = prefix + "decoder_blocks." + std::to_string(i);
        LayerNorm norm1(parameters, block + ".ln1", dim, spec.normEps);
        SelfAttention attention(parameters, block + ".attn", dim, spec.masked.decoderHeads, i);
        LayerNorm norm2(parameters, block + ".ln2", dim, spec.normEps);
        GeluMlp feedForward(parameters, block + ".ffn", dim, 4 * dim, /*tanhForm=*/false, {".layers.0.0", ".layers.1"});
        blocks_.push_back({norm1, attention, norm2, feedForward});
    }
    norm_ = std::make_unique<LayerNorm>(parameters, prefix + "ln1", dim, spec.normEps);
    predict_ = std::make_unique<Linear>(parameters, prefix + "decoder_pred", dim, patch * patch * spec.inChannels);
    noRotation_ = ropeTableIdentity(spec.patches() + 1, dim / spec.masked.decoderHeads);
}

at::Tensor MaskedDecoder::assemble(const at::Tensor& latent, const at::Tensor& idsRestore) const {
    const at::Tensor x = (*embed_)(latent);
    const std::int64_t batch = x.size(0), visible = x.size(1) - 1, count = idsRestore.size(1), dim = x.size(2);
    const at::Tensor removed = maskToken_.expand({batch, count - visible, dim});
    const at::Tensor shuffled = at::cat({x.narrow(1, 1, visible), removed}, 1);
    const at::Tensor inOrder = shuffled.gather(1, idsRestore.unsqueeze(-1).expand({-1, -1, dim}));
    return at::cat({x.narrow(1, 0, 1), inOrder}, 1) + positions_;
}

at::Tensor MaskedDecoder::forward(const at::Tensor& latent, const at::Tensor& idsRestore,
                                  const ForwardOptions& options) const {
    ForwardOptions unseen = options;  // layers a probe hears of are the encoder's
    unseen.probe = nullptr;
    const EncoderPass pass{unseen, noRotation_, attention_};
    at::Tensor x = assemble(latent, idsRestore);
    for (const Block& block : blocks_) {
        x = x + block.attention.forward(block.norm1(x), pass);
        x = x + block.feedForward(block.norm2(x));
    }
    return (*predict_)((*norm_)(x).narrow(1, 1, idsRestore.size(1)));
}

}  // namespace vl
