// SPDX-License-Identifier: Apache-2.0
#include "engine/generate/latent_preview.h"

#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/zeros_like.h>
#include <ATen/ops/zeros.h>

#include "engine/nn/recorded_fill.h"
#include "tests/core/expect_error.h"
#include "tests/generate/tiny_autoencoder.h"

namespace vl {
namespace {

using test::expectError;

std::vector<int> pixel(const at::Tensor& pictures, int y, int x) {
    std::vector<int> colours;
    for (int channel = 0; channel < 3; ++channel) colours.push_back(pictures[0][channel][y][x].item<int>());
    return colours;
}

TEST(LatentPreview, ProjectsEachCellByThePublishedFactors) {
    const at::Tensor latents = at::zeros({1, 4, 2, 3});
    latents[0][0][0][1] = 1;   // 0.298, 0.207, 0.208
    latents[0][3][1][2] = -2;  // 0.368, 0.542, 0.946
    latents[0][2][1][0] = 10;  // -1.58, 1.89, 2.64: out of range
    const at::Tensor pictures = latentPreview(latents);
    ASSERT_EQ(pictures.sizes().vec(), (std::vector<std::int64_t>{1, 3, 2, 3}));
    EXPECT_EQ(pictures.scalar_type(), at::kByte);
    EXPECT_EQ(pixel(pictures, 0, 0), (std::vector<int>{128, 128, 128}));
    EXPECT_EQ(pixel(pictures, 0, 1), (std::vector<int>{165, 154, 154}));  // 127.5 x + 128, truncated
    EXPECT_EQ(pixel(pictures, 1, 2), (std::vector<int>{174, 197, 248}));
    EXPECT_EQ(pixel(pictures, 1, 0), (std::vector<int>{0, 255, 255}));
}

TEST(LatentPreview, RefusesLatentsOfOtherChannels) {
    expectError(ErrorCode::Mismatch, [] { latentPreview(at::zeros({1, 3, 2, 2})); });
    expectError(ErrorCode::Mismatch, [] { latentPreview(at::zeros({4, 2, 2})); });
}

/// Encodes four colours a cell, linearly: mean = mixed colours + offset.
class LinearAutoencoder final : public Autoencoder {
public:
    LinearAutoencoder() : spec_(test::tinyAutoencoderSpec()) {
        mix_ = recordedStream("mix", {3, 4});
        weights_.push_back({"mix", mix_});
    }
    const ModelSpec& spec() const override { return spec_; }
    LatentMoments encode(const at::Tensor& images, const ForwardOptions&) override {
        const at::Tensor cells = at::avg_pool2d(images, {2, 2}).permute({0, 2, 3, 1});
        const at::Tensor mean = (cells.matmul(mix_) + 0.25).permute({0, 3, 1, 2});
        return {mean, at::zeros_like(mean)};
    }
    at::Tensor decode(const at::Tensor& latents, const ForwardOptions&) override { return latents; }
    std::span<Parameter> parameters() override { return weights_; }
    void initialise(std::uint64_t) override {}
    void setDropPath(double) override {}
    void setAttention(AttentionKind) override {}
    AttentionGeometry attentionGeometry(int) const override { return {}; }

private:
    ModelSpec spec_;
    at::Tensor mix_;
    std::vector<Parameter> weights_;
};

TEST(LatentPreview, FitFindsTheInverseOfALinearEncoder) {
    const at::NoGradGuard noGrad;
    LinearAutoencoder linear;
    const LatentProjection fitted = fitLatentPreview(linear, recordedStream("pictures", {4, 3, 16, 16}));
    const at::Tensor fresh = recordedStream("fresh", {2, 3, 8, 8});
    const at::Tensor latents = linear.encode(fresh, {}).mean * linear.spec().autoencoder.scale;
    const at::Tensor wanted = (at::avg_pool2d(fresh, {2, 2}) * 127.5 + 128).clamp(0, 255);
    const at::Tensor shown = latentPreview(latents, fitted).to(at::kFloat);
    EXPECT_LE((shown + 0.5 - wanted).abs().max().item<double>(), 0.6);  // truncated, and the whiff of ridge
}

TEST(LatentPreview, FitServesAnyAutoencoderOfColours) {
    const auto tiny = test::tinyAutoencoder();
    const LatentProjection fitted = fitLatentPreview(*tiny, recordedStream("pictures", {4, 3, 16, 16}));
    EXPECT_EQ(fitted.factors.sizes().vec(), (std::vector<std::int64_t>{4, 3}));
    EXPECT_TRUE(fitted.factors.isfinite().all().item<bool>());
    expectError(ErrorCode::Mismatch, [&] { fitLatentPreview(*tiny, at::zeros({1, 1, 16, 16})); });
}

TEST(DecodeLatents, PiecesAreWhatTheWholeGives) {
    const at::NoGradGuard noGrad;
    const auto tiny = test::tinyAutoencoder();
    const at::Tensor latents = recordedStream("latents", {5, 4, 8, 8}) * 0.2;
    const at::Tensor whole = decodeLatents(*tiny, latents, 5);
    ASSERT_EQ(whole.sizes().vec(), (std::vector<std::int64_t>{5, 3, 16, 16}));
    std::vector<double> shares;
    const at::Tensor pieces = decodeLatents(*tiny, latents, 2, [&](double share) {
        shares.push_back(share);
        return true;
    });
    EXPECT_EQ(shares, (std::vector<double>{0.4, 0.8, 1}));
    const at::Tensor difference = (whole.to(at::kInt) - pieces.to(at::kInt)).abs();
    EXPECT_LE(difference.max().item<int>(), 1);  // sums of another batch may end on the other side of a whole number
    const at::Tensor values = tiny->decode(latents / 0.18215);
    EXPECT_LE(((values * 127.5 + 128).clamp(0, 255).to(at::kByte).to(at::kInt) - whole.to(at::kInt)).abs().max().item<int>(), 1);
}

TEST(DecodeLatents, StopsWhenAskedAndTakesNothing) {
    const auto tiny = test::tinyAutoencoder();
    int calls = 0;
    expectError(ErrorCode::Cancelled, [&] {
        decodeLatents(*tiny, at::zeros({6, 4, 4, 4}), 2, [&](double) { return ++calls < 2; });
    });
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(decodeLatents(*tiny, at::zeros({0, 4, 4, 4})).sizes().vec(), (std::vector<std::int64_t>{0, 3, 8, 8}));
}

}  // namespace
}  // namespace vl
