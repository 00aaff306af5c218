// SPDX-License-Identifier: Apache-2.0
// models.md B.6: what the published code computes for a small encoder with the fill of B.1.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>

#include "engine/api/mmpretrain_costs.h"
#include "engine/models/feature_pyramid.h"
#include "engine/models/masked_classifier.h"
#include "engine/nn/masked_autoencoder.h"
#include "tests/models/crc_fill.h"

namespace vl {
namespace {

constexpr double kTolerance = 2e-5;  // of single values, as B's head says

ModelSpec smallArch(const char* family) {
    ModelSpec spec = mmpretrainBase();
    spec.name = "small";
    spec.family = family;
    spec.dim = 128;
    spec.depth = 2;
    spec.heads = 4;
    spec.ffnHidden = wideSwigluHidden(256);
    spec.imageSize = 64;
    spec.numClasses = 10;
    spec.masked.decoderDim = 64;
    spec.masked.decoderDepth = 2;
    spec.masked.decoderHeads = 4;
    return spec;
}

void expectValues(const at::Tensor& got, std::vector<double> first, double norm, const char* what) {
    const at::Tensor flat = got.flatten().to(at::kDouble);
    for (std::size_t i = 0; i < first.size(); ++i)
        EXPECT_NEAR(flat[static_cast<std::int64_t>(i)].item<double>(), first[i], kTolerance) << what << " value " << i;
    EXPECT_NEAR(flat.norm().item<double>(), norm, 1e-5 * norm) << what;
}

double lastOf(const at::Tensor& got) { return got.flatten()[-1].item<double>(); }

TEST(MmpretrainReference, MaskedPretraining) {
    const at::NoGradGuard noGrad;
    const auto owned = makeModel(smallArch("mae"));
    auto& model = dynamic_cast<MaskedAutoencoder&>(*owned);
    test::fillByCrc(model.parameters(), "backbone.");
    const auto neck = std::find_if(model.parameters().begin(), model.parameters().end(),
                                   [](const Parameter& one) { return one.name.starts_with("neck."); });
    test::fillByCrc({neck, model.parameters().end()}, "neck.");

    const at::Tensor images = test::crcStream("input", {2, 3, 64, 64});
    const MaskedOutput output = model.forwardMasked(images, test::crcStream("noise", {2, 16}, 0.5, 0.5));
    const at::Tensor restore = at::tensor({8,  13, 14, 10, 11, 0, 3, 6, 15, 12, 5, 7,  4, 2,  9, 1,  //
                                           15, 2,  9,  14, 5,  6, 4, 7, 11, 12, 0, 13, 8, 10, 1, 3},
                                          at::kLong);
    EXPECT_TRUE(output.idsRestore.flatten().equal(restore));
    EXPECT_EQ(output.latent.sizes().vec(), (std::vector<std::int64_t>{2, 5, 128}));
    expectValues(output.latent, {-0.528458, -0.975117, 0.416639, 0.017847, 1.832850, -0.306213}, 35.81770, "latent");
    EXPECT_NEAR(lastOf(output.latent), -1.798984, kTolerance);
    expectValues(output.prediction, {0.126014, 0.584006, 0.365041, -0.058680, -0.130222, -0.298670}, 57.86186,
                 "prediction");
    EXPECT_NEAR(lastOf(output.prediction), -0.336145, kTolerance);
    const at::Tensor targets = model.targets(images, true);
    expectValues(targets, {-1.609377, 1.414759, 1.579985, -0.629004, -1.752038, 1.664192}, 156.66501, "target");
    EXPECT_NEAR(MaskedAutoencoder::loss(output, targets).item<double>(), 1.1399833, 1e-5);
    EXPECT_NEAR(MaskedAutoencoder::loss(output, model.targets(images, false)).item<double>(), 0.4742579, 1e-5);
}

TEST(MmpretrainReference, ClassifierFeatures) {
    const at::NoGradGuard noGrad;
    const at::Tensor images = test::crcStream("input", {2, 3, 64, 64});
    ModelSpec spec = smallArch("mae_cls");
    MaskedClassifier plain(spec);
    test::fillByCrc(plain.parameters(), "backbone.");
    expectValues(plain.features(images), {-1.265617, 0.883907, -0.346157, -1.224066, 0.499202, 0.153109}, 16.14029,
                 "feature");
    const std::vector<int> layers{0, 1};
    const std::vector<at::Tensor> maps = plain.featureMaps(images, layers);
    EXPECT_EQ(maps[1].sizes().vec(), (std::vector<std::int64_t>{2, 128, 4, 4}));
    expectValues(maps[0], {0.072421, 0.229272, -0.644681}, 49.24202, "layer 0");
    expectValues(maps[1], {0.194227, 0.367662, -0.512592}, 51.14825, "layer 1");

    spec.finalNorm = true;
    MaskedClassifier normed(spec);
    test::fillByCrc(normed.parameters(), "backbone.");
    expectValues(normed.features(images), {-1.408656, 1.020998, -0.442002, -1.284313, 0.521029, 0.260369}, 16.14251,
                 "feature with final norm");
}

TEST(MmpretrainReference, Feature2Pyramid) {
    const at::NoGradGuard noGrad;
    ParameterList parameters;
    const Feature2Pyramid neck(parameters, "", 128);
    test::fillByCrc(parameters.items());
    const at::Tensor map = test::crcStream("feat", {1, 128, 4, 4});
    const std::vector<at::Tensor> levels = neck({map, map, map, map}, false);
    EXPECT_EQ(levels[0].sizes().vec(), (std::vector<std::int64_t>{1, 128, 16, 16}));
    expectValues(levels[0], {0.042322}, 16.81987, "level 0");
    expectValues(levels[1], {0.044527}, 27.67925, "level 1");
    expectValues(levels[2], {0.767680}, 26.23667, "level 2");
    expectValues(levels[3], {0.767680}, 15.52165, "level 3");
}

}  // namespace
}  // namespace vl
