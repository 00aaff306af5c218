// SPDX-License-Identifier: Apache-2.0
#include "engine/metrics/inception_v3.h"

#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/relu.h>

#include "engine/core/error.h"

namespace vl {
namespace {

constexpr double kNormEps = 1e-3;
constexpr std::int64_t kSpatialChannels = 7;
const std::string kSpatialBlock = "Mixed_6d";  // TensorFlow's mixed_6: it counts blocks from 5b, without a gap

at::Tensor checked(const InceptionV3::Reader& read, const std::string& name, at::IntArrayRef shape) {
    const at::Tensor tensor = read(name);
    if (tensor.defined() && tensor.sizes() == shape) return tensor.to(at::kDouble);
    throw Error(
        ErrorCode::Mismatch,
        "Tensor '" + name + "' of the Inception network " + (tensor.defined() ? "has another shape." : "is missing."),
        "Give the weights pt_inception-2015-12-05-6726825d.pth.");
}

void addA(std::vector<InceptionUnit>& units, const std::string& block, int in, int pool) {
    units.insert(units.end(), {{block + ".branch1x1", in, 64},
                               {block + ".branch5x5_1", in, 48},
                               {block + ".branch5x5_2", 48, 64, 5, 5},
                               {block + ".branch3x3dbl_1", in, 64},
                               {block + ".branch3x3dbl_2", 64, 96, 3, 3},
                               {block + ".branch3x3dbl_3", 96, 96, 3, 3},
                               {block + ".branch_pool", in, pool}});
}

void addC(std::vector<InceptionUnit>& units, const std::string& block, int inner) {
    units.insert(units.end(), {{block + ".branch1x1", 768, 192},
                               {block + ".branch7x7_1", 768, inner},
                               {block + ".branch7x7_2", inner, inner, 1, 7},
                               {block + ".branch7x7_3", inner, 192, 7, 1},
                               {block + ".branch7x7dbl_1", 768, inner},
                               {block + ".branch7x7dbl_2", inner, inner, 7, 1},
                               {block + ".branch7x7dbl_3", inner, inner, 1, 7},
                               {block + ".branch7x7dbl_4", inner, inner, 7, 1},
                               {block + ".branch7x7dbl_5", inner, 192, 1, 7},
                               {block + ".branch_pool", 768, 192}});
}

void addE(std::vector<InceptionUnit>& units, const std::string& block, int in) {
    units.insert(units.end(), {{block + ".branch1x1", in, 320},
                               {block + ".branch3x3_1", in, 384},
                               {block + ".branch3x3_2a", 384, 384, 1, 3},
                               {block + ".branch3x3_2b", 384, 384, 3, 1},
                               {block + ".branch3x3dbl_1", in, 448},
                               {block + ".branch3x3dbl_2", 448, 384, 3, 3},
                               {block + ".branch3x3dbl_3a", 384, 384, 1, 3},
                               {block + ".branch3x3dbl_3b", 384, 384, 3, 1},
                               {block + ".branch_pool", in, 192}});
}

at::Tensor halved(const at::Tensor& x) { return at::max_pool2d(x, 3, 2); }

}  // namespace

std::vector<InceptionUnit> inceptionUnits() {
    std::vector<InceptionUnit> units{{"Conv2d_1a_3x3", 3, 32, 3, 3},
                                     {"Conv2d_2a_3x3", 32, 32, 3, 3},
                                     {"Conv2d_2b_3x3", 32, 64, 3, 3},
                                     {"Conv2d_3b_1x1", 64, 80},
                                     {"Conv2d_4a_3x3", 80, 192, 3, 3}};
    addA(units, "Mixed_5b", 192, 32);
    addA(units, "Mixed_5c", 256, 64);
    addA(units, "Mixed_5d", 288, 64);
    units.insert(units.end(), {{"Mixed_6a.branch3x3", 288, 384, 3, 3},
                               {"Mixed_6a.branch3x3dbl_1", 288, 64},
                               {"Mixed_6a.branch3x3dbl_2", 64, 96, 3, 3},
                               {"Mixed_6a.branch3x3dbl_3", 96, 96, 3, 3}});
    addC(units, "Mixed_6b", 128);
    addC(units, "Mixed_6c", 160);
    addC(units, "Mixed_6d", 160);
    addC(units, "Mixed_6e", 192);
    units.insert(units.end(), {{"Mixed_7a.branch3x3_1", 768, 192},
                               {"Mixed_7a.branch3x3_2", 192, 320, 3, 3},
                               {"Mixed_7a.branch7x7x3_1", 768, 192},
                               {"Mixed_7a.branch7x7x3_2", 192, 192, 1, 7},
                               {"Mixed_7a.branch7x7x3_3", 192, 192, 7, 1},
                               {"Mixed_7a.branch7x7x3_4", 192, 192, 3, 3}});
    addE(units, "Mixed_7b", 1280);
    addE(units, "Mixed_7c", 2048);
    return units;
}

InceptionV3::InceptionV3(const Reader& read) {
    for (const InceptionUnit& unit : inceptionUnits()) {
        const at::Tensor weight =
            checked(read, unit.name + ".conv.weight", {unit.out, unit.in, unit.height, unit.width});
        const at::Tensor mean = checked(read, unit.name + ".bn.running_mean", {unit.out});
        const at::Tensor variance = checked(read, unit.name + ".bn.running_var", {unit.out});
        // The norm's statistics stand still, so that it is a part of the convolution.
        const at::Tensor scale = checked(read, unit.name + ".bn.weight", {unit.out}) / (variance + kNormEps).sqrt();
        const at::Tensor bias = checked(read, unit.name + ".bn.bias", {unit.out}) - mean * scale;
        units_[unit.name] = {(weight * scale.view({-1, 1, 1, 1})).to(at::kFloat), bias.to(at::kFloat)};
    }
    classes_ = checked(read, "fc.weight", {kInceptionClasses, kInceptionFeatures}).to(at::kFloat);
}

/// Kernels longer than 1 keep the size by padding, except those with a stride and the first of the stem.
at::Tensor InceptionV3::unit(const at::Tensor& x, const std::string& name, int stride) const {
    const Folded& folded = units_.at(name);
    const bool shrinks = stride > 1 || name == "Conv2d_2a_3x3" || name == "Conv2d_4a_3x3";
    const auto height = folded.weight.size(2), width = folded.weight.size(3);
    const std::int64_t padding[] = {shrinks ? 0 : height / 2, shrinks ? 0 : width / 2};
    return at::relu(at::conv2d(x, folded.weight, folded.bias, stride, padding));
}

at::Tensor InceptionV3::chain(at::Tensor x, const std::string& block, std::initializer_list<const char*> names) const {
    for (const char* name : names)
        x = unit(x, block + name);
    return x;
}

at::Tensor InceptionV3::pooledBranch(const at::Tensor& x, const std::string& block, bool largest) const {
    const at::Tensor pooled = largest ? at::max_pool2d(x, 3, 1, 1)
                                      : at::avg_pool2d(x, 3, 1, 1, /*ceil_mode=*/false, /*count_include_pad=*/false);
    return unit(pooled, block + ".branch_pool");
}

at::Tensor InceptionV3::blockA(const at::Tensor& x, const std::string& block) const {
    return at::cat(
        {unit(x, block + ".branch1x1"), chain(x, block, {".branch5x5_1", ".branch5x5_2"}),
         chain(x, block, {".branch3x3dbl_1", ".branch3x3dbl_2", ".branch3x3dbl_3"}), pooledBranch(x, block, false)},
        1);
}

at::Tensor InceptionV3::blockB(const at::Tensor& x, const std::string& block) const {
    const at::Tensor twice = chain(x, block, {".branch3x3dbl_1", ".branch3x3dbl_2"});
    return at::cat({unit(x, block + ".branch3x3", 2), unit(twice, block + ".branch3x3dbl_3", 2), halved(x)}, 1);
}

at::Tensor InceptionV3::blockC(const at::Tensor& x, const std::string& block, at::Tensor* first) const {
    const at::Tensor branch = unit(x, block + ".branch1x1");
    if (first) *first = branch;
    return at::cat(
        {branch, chain(x, block, {".branch7x7_1", ".branch7x7_2", ".branch7x7_3"}),
         chain(x, block,
               {".branch7x7dbl_1", ".branch7x7dbl_2", ".branch7x7dbl_3", ".branch7x7dbl_4", ".branch7x7dbl_5"}),
         pooledBranch(x, block, false)},
        1);
}

at::Tensor InceptionV3::blockD(const at::Tensor& x, const std::string& block) const {
    const at::Tensor longer = chain(x, block, {".branch7x7x3_1", ".branch7x7x3_2", ".branch7x7x3_3"});
    return at::cat({unit(unit(x, block + ".branch3x3_1"), block + ".branch3x3_2", 2),
                    unit(longer, block + ".branch7x7x3_4", 2), halved(x)},
                   1);
}

at::Tensor InceptionV3::blockE(const at::Tensor& x, const std::string& block, bool largest) const {
    const at::Tensor once = unit(x, block + ".branch3x3_1");
    const at::Tensor twice = chain(x, block, {".branch3x3dbl_1", ".branch3x3dbl_2"});
    return at::cat({unit(x, block + ".branch1x1"), unit(once, block + ".branch3x3_2a"),
                    unit(once, block + ".branch3x3_2b"), unit(twice, block + ".branch3x3dbl_3a"),
                    unit(twice, block + ".branch3x3dbl_3b"), pooledBranch(x, block, largest)},
                   1);
}

InceptionV3::Output InceptionV3::forward(const at::Tensor& pictures) const {
    at::Tensor x = unit(pictures, "Conv2d_1a_3x3", 2);
    x = halved(unit(unit(x, "Conv2d_2a_3x3"), "Conv2d_2b_3x3"));
    x = halved(unit(unit(x, "Conv2d_3b_1x1"), "Conv2d_4a_3x3"));
    for (const char* block : {"Mixed_5b", "Mixed_5c", "Mixed_5d"})
        x = blockA(x, block);
    x = blockB(x, "Mixed_6a");
    at::Tensor map;
    for (const char* block : {"Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"})
        x = blockC(x, block, block == kSpatialBlock ? &map : nullptr);
    x = blockD(x, "Mixed_7a");
    x = blockE(x, "Mixed_7b", false);
    x = blockE(x, "Mixed_7c", true);
    Output output;
    output.pooled = x.mean({2, 3});
    output.spatial = map.narrow(1, 0, kSpatialChannels).permute({0, 2, 3, 1}).reshape({map.size(0), -1});
    output.logits = at::linear(output.pooled, classes_);
    return output;
}

}  // namespace vl
