// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/models/conv_bn.h"
#include "engine/nn/model.h"

namespace vl {

/// UPerNet's head (models.md 8.3): pyramid pooling on the coarsest of four maps, top-down sums, one 1 x 1 convolution
/// to classes. Tensors in state-dict order: conv_seg, psp_modules, bottleneck, lateral_convs, fpn_convs,
/// fpn_bottleneck.
class UperHead {
public:
    struct Output {
        at::Tensor pooled;  ///< [B, channels, h3, w3]
        at::Tensor logits;  ///< [B, classes, h0, w0]
    };

    /// `inputs`: channels of the four maps, fine to coarse.
    UperHead(ParameterList& parameters, const std::string& prefix, const std::vector<std::int64_t>& inputs,
             std::int64_t channels, std::int64_t classes);
    /// features [B, C_i, h_i, w_i], fine to coarse. In training: batch statistics, and whole channels dropped at
    /// `dropout`.
    Output forward(const std::vector<at::Tensor>& features, double dropout, const ForwardOptions& options) const;

private:
    at::Tensor pool(const at::Tensor& coarsest, bool training) const;

    std::unique_ptr<Conv2d> classify_;
    std::vector<ConvBn> pooling_, laterals_, outputs_;
    std::unique_ptr<ConvBn> bottleneck_, fuse_;
};

/// The auxiliary head (models.md 8.3): one 3 x 3 ConvBN and a 1 x 1 convolution to classes.
class FcnHead {
public:
    FcnHead(ParameterList& parameters, const std::string& prefix, std::int64_t in, std::int64_t channels,
            std::int64_t classes);
    at::Tensor forward(const at::Tensor& x, double dropout, const ForwardOptions& options) const;

private:
    Conv2d classify_;
    ConvBn conv_;
};

}  // namespace vl
