// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace vl {

/// A convolution with its batch norm, by its name in the state dict ("Mixed_5b.branch1x1"): NAME.conv.weight and
/// NAME.bn.{weight,bias,running_mean,running_var}.
struct InceptionUnit {
    std::string name;
    int in = 0, out = 0, height = 1, width = 1;  ///< channels and the kernel's extents
};
/// All 94 of the network.
std::vector<InceptionUnit> inceptionUnits();
constexpr int kInceptionFeatures = 2048, kInceptionClasses = 1008, kInceptionSide = 299;

/// The Inception v3 (Szegedy et al. 2015, arXiv:1512.00567) whose features the Frechet Inception distance is defined
/// by: the TensorFlow graph of 2015-12-05 in the layout of its usual PyTorch port. It differs from the published
/// network: averages leave padding out of the count, the last block pools by maximum, 1008 classes.
class InceptionV3 {
public:
    /// Reads a tensor by state-dict name; undefined when there is none. Shapes are checked here: Throws
    /// Error(Mismatch).
    using Reader = std::function<at::Tensor(const std::string& name)>;
    explicit InceptionV3(const Reader& read);

    struct Output {
        at::Tensor pooled;   ///< [B, 2048]
        at::Tensor spatial;  ///< [B, 2023]: the first 7 channels of the 17 x 17 map "mixed_6/conv", channels last
        at::Tensor logits;   ///< [B, 1008], without the bias, as the evaluation suite takes its classes
    };
    /// pictures [B, 3, 299, 299] in -1 .. 1.
    Output forward(const at::Tensor& pictures) const;

private:
    struct Folded {
        at::Tensor weight, bias;
    };
    at::Tensor unit(const at::Tensor& x, const std::string& name, int stride = 1) const;
    at::Tensor chain(at::Tensor x, const std::string& block, std::initializer_list<const char*> names) const;
    at::Tensor pooledBranch(const at::Tensor& x, const std::string& block, bool largest) const;
    at::Tensor blockA(const at::Tensor& x, const std::string& block) const;
    at::Tensor blockB(const at::Tensor& x, const std::string& block) const;
    at::Tensor blockC(const at::Tensor& x, const std::string& block, at::Tensor* first = nullptr) const;
    at::Tensor blockD(const at::Tensor& x, const std::string& block) const;
    at::Tensor blockE(const at::Tensor& x, const std::string& block, bool largest) const;

    std::map<std::string, Folded> units_;
    at::Tensor classes_;  ///< fc.weight
};

/// Bilinear resampling of [B, C, H, W] float to side x side as TensorFlow 1 did: corners at corners' top left, no
/// smoothing when shrinking. What the usual FID figures are made with.
at::Tensor resizeLikeTensorFlow1(const at::Tensor& pictures, std::int64_t side);

}  // namespace vl
